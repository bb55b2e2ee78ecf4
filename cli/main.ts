import {Command, CommanderError} from "commander";
import {InputError} from "../lib/problems.ts";
import type {Register} from "./command.ts";
import {budget} from "./commands/budget.ts";
import {doctor} from "./commands/doctor.ts";
import {down} from "./commands/down.ts";
import {env} from "./commands/env.ts";
import {heal} from "./commands/heal.ts";
import {list} from "./commands/list.ts";
import {preview} from "./commands/preview.ts";
import {report} from "./commands/report.ts";
import {run} from "./commands/run.ts";
import {status} from "./commands/status.ts";
import {test} from "./commands/test.ts";
import {topology} from "./commands/topology.ts";
import {up} from "./commands/up.ts";
import {CliError, exitCodes} from "./exit.ts";
import {note, paintNote} from "./output.ts";

/** Commands in the order of `--help`. */
const commands: Register[] = [doctor, env, up, preview, status, topology, budget, list, run, report, heal, down, test];

function program(): Command {
  const made = new Command("holdfast")
    .description("Declare a highly available stack, keep it running, prove that it survives.")
    .version("0.1.0")
    .showHelpAfterError("(--help shows what is allowed)")
    .exitOverride()
    .configureOutput({outputError: (text, write) => write(text.replace(/^error: /, "holdfast: "))})
    .addHelpText(
      "after",
      `
Results go to stdout, progress to stderr. NO_COLOR is respected; there is no colour where there is no terminal.

Exit codes:
    0  pass, done            64  wrong usage or input     75  try again later (locked)
    1  fail                  69  something that is        130 interrupted
    2  unknown                   needed cannot be had
                             70  a fault in Holdfast

Example:
  ./holdfast run scenarios/galera/writer-killed.yaml`,
    );
  for (const register of commands) register(made);
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
  const main = program();
  if (process.argv.length <= 2) main.outputHelp();
  else await main.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
