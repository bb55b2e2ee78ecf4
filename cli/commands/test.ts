import type {Command} from "commander";
import {example, type Register} from "../command.ts";
import {CliError, exitCodes} from "../exit.ts";
import {print} from "../output.ts";
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
    .addHelpText("after", example("./holdfast test", "./holdfast test --fast"))
    .action(async (options: {fast?: boolean}) => {
      if (!options.fast) await setUp(undefined, [...allSteps(), chromiumStep]);
      const counts = [];
      for (const suite of suites.filter((s: Suite) => !(options.fast && s.needsEngine))) counts.push(await suite.run());
      const total = addUp(counts);
      print(`${total.passed} passed, ${total.failed} failed`);
      if (total.failed > 0) throw new CliError("", exitCodes.fail);
    });
};
