import type {Command} from "commander";
import {readJournals} from "../../runner/journal.ts";
import {example, type Register} from "../command.ts";
import {note, print, printJson} from "../output.ts";
import {journals, undoLeftovers} from "../run/leftovers.ts";
import {setUp} from "../setup/setUp.ts";
import {refuseForeign} from "../stack/foreign.ts";
import {stackObjects, startStopped} from "../stack/objects.ts";
import {stackReference} from "../stack/reference.ts";

/** `holdfast heal STACK`: undoes what runs that were killed left behind. */
export const heal: Register = (program: Command) => {
  program
    .command("heal")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("undo what a killed run left behind, start what is down")
    .description(
      "Undoes the faults of runs that were killed themselves, removes their clients, and starts whatever else of the stack is down. A run that goes on is left alone.",
    )
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast heal lab"))
    .action(async (text: string, options: {json?: boolean}) => {
      const reference = stackReference(text);
      const {label} = reference;
      await setUp(["engine"]);
      await refuseForeign(reference);
      for (const journal of readJournals(journals).filter(j => j.alive && j.stack === label))
        note(`holdfast: a run of ${journal.scenario} is at work on ${label}; it is left alone.`);
      const busy = readJournals(journals).some(j => j.alive && j.stack === label);
      const {healed, clients} = await undoLeftovers(label);
      const started = busy ? [] : await startStopped(await stackObjects(label));
      if (options.json) return printJson({stack: label, healed, clients, started});
      const members = healed.map(one => one.member);
      const did = [
        ...(members.length > 0 ? [`healed ${members.join(", ")}`] : []),
        ...(started.length > 0 ? [`started ${started.join(", ")}`] : []),
      ];
      print(`${label}: ${did.length > 0 ? did.join("; ") : "nothing to heal"}.`);
    });
};
