import type {Command} from "commander";
import {example, type Register} from "../command.ts";
import {CliError, exitCodes} from "../exit.ts";
import {note, print, printJson} from "../output.ts";
import {chromiumStep} from "../setup/chromium.ts";
import {setUp} from "../setup/setUp.ts";
import {allSteps} from "../setup/steps.ts";
import {addUp, type Suite, suites} from "../suites.ts";

/** `holdfast test`: types, style, unit tests, then the lab. */
export const test: Register = (program: Command) => {
  program
    .command("test")
    .summary("run every check of this project")
    .description(
      "Runs the type check, the linter, the fast tests and the tests against a real engine. The last line is `N passed, N failed`.",
    )
    .option("--fast", "without the tests that need a docker engine")
    .option("--json", "a document for machines: the suites with what passed and failed")
    .addHelpText("after", example("./holdfast test", "./holdfast test --fast"))
    .action(async (options: {fast?: boolean; json?: boolean}) => {
      if (!options.fast) await setUp(undefined, [...allSteps(), chromiumStep]);
      const wanted = suites.filter((s: Suite) => !(options.fast && s.needsEngine));
      const done = [];
      // With --json standard output has the document alone; the lines of the tests go to standard error.
      for (const suite of wanted) done.push({suite: suite.name, ...(await suite.run(options.json ? note : print))});
      const total = addUp(done);
      if (options.json) printJson({...total, suites: done});
      else print(`${total.passed} passed, ${total.failed} failed`);
      if (total.failed > 0) throw new CliError("", exitCodes.fail);
    });
};
