import type {Command} from "commander";
import {example, type Register} from "../command.ts";
import {CliError, exitCodes} from "../exit.ts";
import {print, printJson, table} from "../output.ts";
import {checkAll} from "../setup/setUp.ts";
import type {Status, Step} from "../setup/step.ts";
import {allSteps} from "../setup/steps.ts";

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
      else for (const line of asTable(steps, found)) print(line);
      if (!ready) throw new CliError("", exitCodes.fail);
    });
};

function asTable(steps: readonly Step[], found: Map<string, Status>): string[] {
  const rows = steps.map(step => {
    const status = found.get(step.id)!;
    if (status.state === "ok") return [step.title, "ok", status.version, status.from ?? ""];
    return [step.title, status.state === "by hand" ? "missing" : "will be made", "", `${status.why}. Fix: ${step.fix}`];
  });
  const colours = {ok: "green", missing: "red", "will be made": "yellow"} as const;
  return table([["what", "state", "version", "from, or how to get it"], ...rows], (cell, column) =>
    column === 1 ? colours[cell as keyof typeof colours] : undefined,
  );
}

function fixOf(step: Step, status: Status): string | undefined {
  return status.state === "ok" ? undefined : step.fix;
}
