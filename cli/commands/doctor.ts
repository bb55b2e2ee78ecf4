import type {Command} from "commander";
import {example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {print, printJson} from "../../lib/output.ts";
import {paint, table} from "../../lib/terminal.ts";
import {checkAll} from "../../setup/set-up.ts";
import type {Status, Step} from "../../setup/step.ts";
import {allSteps} from "../../setup/steps.ts";

/** `holdfast doctor`: what is there, what is missing, the command that makes it. Changes nothing. */
export const doctor: Register = (program: Command) => {
  program
    .command("doctor")
    .summary("what this machine has, what is missing, how to get it")
    .description(
      "Shows what this machine has, what is missing and the command that makes it. Changes nothing. Exit code 1 when something is missing.",
    )
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast doctor", "./holdfast doctor --json | jq .ready"))
    .action(async (options: {json?: boolean}) => {
      const steps = allSteps();
      const found = await checkAll(steps);
      const ready = steps.every(step => found.get(step.id)!.state === "ok");
      if (options.json)
        printJson({
          ready,
          steps: steps.map(step => ({name: step.title, ...found.get(step.id)!, fix: fixOf(step, found.get(step.id)!)})),
        });
      else print(asTable(steps, found));
      if (!ready) throw new CliError("", exitCodes.fail);
    });
};

function asTable(steps: readonly Step[], found: Map<string, Status>): string {
  const rows = steps.map(step => {
    const status = found.get(step.id)!;
    if (status.state === "ok") return [step.title, paint("good", "ok"), status.version, status.from ?? ""];
    const state = status.state === "by hand" ? paint("bad", "missing") : paint("warn", "will be made");
    return [step.title, state, "", `${status.why}. Fix: ${step.fix}`];
  });
  const columns = ["what", "state", "version", "from, or how to get it"].map(title => ({title}));
  // A fix is there to be copied: it is never cut.
  return table(rows, {columns, width: Number.POSITIVE_INFINITY});
}

function fixOf(step: Step, status: Status): string | undefined {
  return status.state === "ok" ? undefined : step.fix;
}
