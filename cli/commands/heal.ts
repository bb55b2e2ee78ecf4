import type {Command} from "commander";
import {readJournals} from "../../runner/journal.ts";
import {example, type Register} from "../command.ts";
import {note, print, printJson} from "../output.ts";
import {journals, undoLeftovers} from "../run/leftovers.ts";
import {setUp} from "../setup/setUp.ts";
import {stackReference} from "../stack/reference.ts";

/** `holdfast heal STACK`: undoes what runs that were killed left behind. */
export const heal: Register = (program: Command) => {
  program
    .command("heal")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("undo what a killed run left behind")
    .description(
      "Starts or resumes the members that a run had killed, stopped or paused when it was killed itself, and removes its clients. A run that goes on is left alone.",
    )
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast heal lab"))
    .action(async (text: string, options: {json?: boolean}) => {
      const {label} = stackReference(text);
      await setUp(["engine"]);
      for (const journal of readJournals(journals).filter(j => j.alive && j.stack === label))
        note(`holdfast: a run of ${journal.scenario} is at work on ${label}; it is left alone.`);
      const {healed, clients} = await undoLeftovers(label);
      if (options.json) return printJson({stack: label, healed, clients});
      const members = healed.map(one => one.member);
      print(members.length > 0 ? `${label}: healed ${members.join(", ")}.` : `${label}: nothing to heal.`);
    });
};
