import type {Command} from "commander";
import {durationOption, example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";
import {allSteps} from "../../setup/steps.ts";
import {addUp, type Count, chooseSuites, Schedule, suites} from "../suites.ts";

interface Options {
  limit?: number;
  json?: boolean;
}

/** `holdfast test`: types, style, unit tests, then the lab. */
export const test: Register = (program: Command) => {
  program
    .command("test")
    .argument("[SUITE...]", `${suites.map(({name}) => name).join(", ")}; or a group of them: fast, safety, lab`)
    .summary("run every check of this project")
    .description(
      "Runs the type check, the linter, the fast tests and the tests against a real engine, or those suites that are named. The last line is `N passed, N failed, N skipped`. Nothing is skipped but whole suites that do not fit into --limit, each with its name.",
    )
    .option(
      "--limit <time>",
      "longest time for all, counted from the start of this command: a suite that does not fit into what is left is skipped",
      durationOption("--limit"),
    )
    .option("--json", "a document for machines: the suites with what passed and failed, and those that were skipped")
    .addHelpText(
      "after",
      example("./holdfast test", "./holdfast test fast", "./holdfast test stack reboot --limit 40m"),
    )
    .action(run);
};

async function run(names: string[], {limit = Number.POSITIVE_INFINITY, json}: Options): Promise<void> {
  const wanted = chooseSuites(names);
  // Both count from the start of this process.
  const schedule = new Schedule(limit);
  // With --json standard output has the document alone; the lines of the tests go to standard error.
  const say = json ? note : print;
  if (wanted.some(({group}) => group !== "fast")) await setUp();
  const done: ({suite: string} & Count)[] = [];
  const skipped: string[] = [];
  for (const suite of wanted) {
    const why = schedule.leftOut(suite);
    if (why) {
      skipped.push(suite.name);
      say(why);
      continue;
    }
    if (suite.needs) await setUp(undefined, [...allSteps(), ...suite.needs]);
    const began = performance.now();
    done.push({suite: suite.name, ...(await suite.run(say))});
    schedule.ended(suite, performance.now() - began);
  }
  const total = addUp(done);
  total.skipped += skipped.length;
  if (json) printJson({...total, leftOut: skipped, suites: done});
  else print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  if (total.failed > 0) throw new CliError("", exitCodes.fail);
  // Nothing was shown.
  if (done.length === 0) throw new CliError("", exitCodes.unknown);
}
