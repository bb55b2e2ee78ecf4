import type {Command} from "commander";
import type {Healed} from "../../runner/heal.ts";
import {readJournals} from "../../runner/journal.ts";
import {example, type Register} from "../command.ts";
import {CliError, exitCodes} from "../exit.ts";
import {note, print, printJson} from "../output.ts";
import {journals, undoLeftovers} from "../run/leftovers.ts";
import {backendUrl} from "../setup/environment.ts";
import {setUp} from "../setup/setUp.ts";
import {stateFiles} from "../stack/files.ts";
import {refuseForeign} from "../stack/foreign.ts";
import {countGone} from "../stack/gone.ts";
import {stackObjects, startStopped} from "../stack/objects.ts";
import {asTyped} from "../stack/open.ts";
import {stackReference} from "../stack/reference.ts";

/** `holdfast heal STACK`: undoes what runs that were killed left behind. */
export const heal: Register = (program: Command) => {
  program
    .command("heal")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("undo what a killed run left behind, start what is down")
    .description(
      "Undoes the faults of runs that were killed themselves, removes their clients, and starts whatever else of the stack is down. A run that goes on is left alone. Exit code 1 where something is gone, which `up` makes again.",
    )
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast heal lab"))
    .action(async (text: string, options: {json?: boolean}) => {
      const reference = stackReference(text);
      const {label} = reference;
      await setUp(["engine"]);
      await refuseForeign(reference);
      const alive = readJournals(journals).filter(j => j.alive && j.stack === label);
      for (const journal of alive)
        note(`holdfast: a run of ${journal.scenario} is at work on ${label}; it is left alone.`);
      const busy = alive.length > 0;
      const {healed, clients} = await undoLeftovers(label);
      const objects = await stackObjects(label);
      const started = busy ? [] : await startStopped(objects);
      // A run may be taking members away itself.
      const gone = busy ? 0 : countGone({reference, files: stateFiles(backendUrl(), reference)}, objects);
      if (options.json) printJson({stack: label, healed, clients, started, gone});
      else print(`${label}: ${sayDone(healed, started)}.`);
      if (gone > 0)
        throw new CliError(
          `${gone} containers, networks or volumes of ${label} were removed by hand. heal makes none; this does: ./holdfast up ${asTyped(reference)}`,
          exitCodes.fail,
        );
    });
};

function sayDone(healed: readonly Healed[], started: readonly string[]): string {
  const did = [
    ...(healed.length > 0 ? [`healed ${healed.map(one => one.member).join(", ")}`] : []),
    ...(started.length > 0 ? [`started ${started.join(", ")}`] : []),
  ];
  return did.length > 0 ? did.join("; ") : "nothing to heal";
}
