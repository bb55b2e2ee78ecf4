import {Command, CommanderError} from "commander";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {InputError} from "../lib/problems.ts";
import {failover} from "./failover/command.ts";
import {fullOutage} from "./full-outage/command.ts";
import {neighbours} from "./neighbours/command.ts";
import {scale} from "./scale/command.ts";
import {tables} from "./tables/command.ts";
import {up} from "./up/command.ts";

const program = new Command("bench/run")
  .description("Holdfast beside others: outages, false alarms, bring-up, and the time of a preview.")
  .showHelpAfterError("(--help shows what is allowed)")
  .exitOverride();
for (const register of [failover, fullOutage, neighbours, up, scale, tables]) register(program);
for (const command of program.commands) command.exitOverride();

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  if (error instanceof CliError || error instanceof InputError) {
    if (error.message) note(`bench: ${error.message}`);
    return error instanceof CliError ? error.code : exitCodes.usage;
  }
  note(`bench: ${error instanceof Error ? error.stack : String(error)}`);
  return exitCodes.internal;
}
