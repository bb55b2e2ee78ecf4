import type {Command} from "commander";
import {stateFiles} from "../../engine/files.ts";
import {refuseForeign} from "../../engine/foreign.ts";
import {countGone} from "../../engine/gone.ts";
import {documentOf, sumOfHealth, unhealthyText} from "../../engine/health-text.ts";
import {journals, undoLeftovers} from "../../engine/leftovers.ts";
import {Mender} from "../../engine/mend.ts";
import {stackObjects} from "../../engine/objects.ts";
import {asTyped} from "../../engine/open.ts";
import {stackReference} from "../../engine/reference.ts";
import {healthLimitOption, waitHealthy} from "../../engine/stand.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import type {Healed} from "../../runner/heal.ts";
import {readJournals} from "../../runner/journal.ts";
import {backendUrl} from "../../setup/environment.ts";
import {setUp} from "../../setup/set-up.ts";

/** `holdfast heal STACK`: undoes what runs that were killed left behind. */
export const heal: Register = (program: Command) => {
  program
    .command("heal")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("undo what a killed run left behind, start what is down")
    .description(
      "Undoes the faults of runs that were killed themselves, removes their clients, starts whatever else of the stack is down, and waits until every member is healthy in its cluster. A run that goes on is left alone. Exit code 1 when a member is not healthy in the end, with its name, and where something is gone, which `up` makes again.",
    )
    .addOption(healthLimitOption("longest wait for every member to be healthy"))
    .option("--leftovers", "undo what killed runs left behind, and start nothing else")
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast heal lab"))
    .action(async (text: string, options: {healthLimit: number; leftovers?: boolean; json?: boolean}) => {
      const reference = stackReference(text);
      const {label} = reference;
      await setUp(["pulumi", "engine"]);
      await refuseForeign(reference);
      const alive = readJournals(journals).filter(j => j.alive && j.stack === label);
      for (const journal of alive)
        note(`holdfast: a run of ${journal.scenario} is at work on ${label}; it is left alone.`);
      const busy = alive.length > 0;
      const {healed, clients} = await undoLeftovers(label);
      if (options.leftovers) {
        if (options.json) printJson({stack: label, healed, clients});
        else print(`${label}: ${sayDone(healed, [])}.`);
        return;
      }
      const objects = await stackObjects(label);
      const mender = new Mender(label);
      if (!busy) await mender.mend();
      // A run may be taking members away itself.
      const gone = busy ? 0 : countGone({reference, files: stateFiles(backendUrl(), reference)}, objects);
      // What is gone does not come by waiting.
      const standing = busy ? undefined : await waitHealthy(reference, "heal", gone > 0 ? 0 : options.healthLimit);
      const started = [...mender.started, ...(standing?.started ?? [])];
      if (options.json)
        printJson({stack: label, healed, clients, gone, ...(standing ? documentOf(standing) : {}), started});
      else print(`${label}: ${sayDone(healed, started)}.`);
      const troubles = [
        ...(gone > 0
          ? [
              `${gone} containers, networks or volumes of ${label} were removed by hand. heal makes none; this does: ./holdfast up ${asTyped(reference)}`,
            ]
          : []),
        ...(standing?.healthy === false ? [`${label}: ${sumOfHealth(standing)}:\n${unhealthyText(standing)}`] : []),
      ];
      if (troubles.length > 0) throw new CliError(troubles.join("\n"), exitCodes.fail);
    });
};

function sayDone(healed: readonly Healed[], started: readonly string[]): string {
  const did = [
    ...(healed.length > 0 ? [`healed ${healed.map(one => one.member).join(", ")}`] : []),
    ...(started.length > 0 ? [`started ${started.join(", ")}`] : []),
  ];
  return did.length > 0 ? did.join("; ") : "nothing to heal";
}
