import {Command, CommanderError} from "commander";
import type {Register} from "../lib/command-line.ts";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note, paintNote} from "../lib/output.ts";
import {InputError} from "../lib/problems.ts";

/** Commands in the order of `--help`. One that was asked for is loaded alone: all of them take half a second. */
const commands: Record<string, () => Promise<Register>> = {
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  env: async () => (await import("./commands/env.ts")).env,
  up: async () => (await import("./commands/up.ts")).up,
  preview: async () => (await import("./commands/preview.ts")).preview,
  status: async () => (await import("./commands/status.ts")).status,
  topology: async () => (await import("./commands/topology.ts")).topology,
  budget: async () => (await import("./commands/budget.ts")).budget,
  list: async () => (await import("./commands/list.ts")).list,
  run: async () => (await import("./commands/run.ts")).run,
  report: async () => (await import("./commands/report.ts")).report,
  recover: async () => (await import("./commands/recover.ts")).recover,
  heal: async () => (await import("./commands/heal.ts")).heal,
  down: async () => (await import("./commands/down.ts")).down,
  test: async () => (await import("./commands/test.ts")).test,
};

async function program(asked?: string): Promise<Command> {
  const made = new Command("holdfast")
    .description("Declare a highly available stack, keep it running, prove that it survives.")
    .version("0.1.0")
    .showHelpAfterError("(--help shows what is allowed)")
    .exitOverride()
    .configureOutput({outputError: (text, write) => write(text.replace(/^error: /, "holdfast: "))})
    .addHelpText(
      "after",
      `
Results go to stdout, progress to stderr. NO_COLOR is respected; there is no
colour where there is no terminal.

Exit codes:
    0  pass, done      64  wrong usage or input
    1  fail            69  something that is needed cannot be had
    2  unknown         70  a fault in Holdfast
                       75  try again later (locked)
                      130  interrupted

Example:
  ./holdfast run scenarios/galera/writer-killed.yaml`,
    );
  const names = Object.keys(commands);
  for (const name of asked && names.includes(asked) ? [asked] : names) (await commands[name]!())(made);
  for (const command of made.commands) command.exitOverride().configureOutput(made.configureOutput());
  return made;
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  if (error instanceof CliError) {
    if (error.message) note(`${paintNote("bad", "holdfast:")} ${error.message}`);
    return error.code;
  }
  if (isFull(error)) {
    note(`${paintNote("bad", "holdfast:")} the disk is full: free some space. ${(error as Error).message}`);
    return exitCodes.unavailable;
  }
  if (error instanceof InputError) {
    note(`${paintNote("bad", "holdfast:")} ${error.message}`);
    return exitCodes.usage;
  }
  note(`${paintNote("bad", "holdfast:")} ${error instanceof Error ? error.stack : String(error)}`);
  note("This is a fault in Holdfast. Please report it with the command that you ran.");
  return exitCodes.internal;
}

/** A disk without room is no fault of ours, wherever it shows. */
function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException)?.code ?? "");
}

// Commands that have something to undo put an own handler before this one.
process.once("SIGINT", () => {
  if (process.listenerCount("SIGINT") === 0) process.exit(exitCodes.interrupted);
});
process.stdout.on("error", error => {
  // `holdfast topology lab | head` closes the pipe early, which is no fault.
  if ((error as NodeJS.ErrnoException).code === "EPIPE") process.exit(exitCodes.pass);
});

try {
  const main = await program(process.argv[2]);
  if (process.argv.length <= 2) main.outputHelp();
  else await main.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
