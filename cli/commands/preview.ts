import type {Command} from "commander";
import {refuseForeign} from "../../engine/foreign.ts";
import {documentOf, sumOfHealth, unhealthyText} from "../../engine/health-text.ts";
import {asTyped, withStack} from "../../engine/open.ts";
import {operate} from "../../engine/operate.ts";
import {Progress} from "../../engine/progress.ts";
import {stackReference} from "../../engine/reference.ts";
import {mustRefresh} from "../../engine/refresh.ts";
import {checkOwn} from "../../engine/settings.ts";
import {lookHealth} from "../../engine/stand.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {print, printJson} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";
import {sum} from "./up.ts";

interface Options {
  refresh?: boolean;
  expectNoChanges?: boolean;
  json?: boolean;
}

/** `holdfast preview STACK`: what `up` would change. */
export const preview: Register = (program: Command) => {
  program
    .command("preview")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("show what up would change")
    .description(
      "Shows what `up` would change and which members are not healthy, and changes nothing. Exit code 0, whatever it shows; with --expect-no-changes 1 when there are changes, or a member is not healthy.",
    )
    .option(
      "--refresh",
      "ask the platform first about everything; without it only where something is down, gone or not healthy",
    )
    .option("--expect-no-changes", "exit code 1 when something would change, or a member is not healthy")
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast preview lab", "./holdfast preview lab --refresh --expect-no-changes"))
    .action(async (text: string, options: Options) => {
      const reference = stackReference(text);
      checkOwn(reference);
      await setUp();
      await refuseForeign(reference);
      const progress = new Progress({quiet: options.json === true});
      await withStack(reference, async open => {
        const refresh = options.refresh || (await mustRefresh(open));
        await operate(`preview ${asTyped(reference)}`, progress, signal =>
          open.stack.preview({onEvent: progress.onEvent, signal, refresh}),
        );
      });
      const changed = Object.entries(progress.changes).some(([op, count]) => op !== "same" && count > 0);
      const standing = await lookHealth(reference);
      const well = standing?.healthy !== false;
      if (options.json)
        printJson({
          stack: reference.label,
          changed,
          changes: progress.changes,
          steps: progress.steps,
          ...(standing ? documentOf(standing) : {}),
        });
      else {
        print(`${reference.label}: ${changed ? sum(progress.changes) : "no changes"}.`);
        if (!well) print(`${reference.label}: ${sumOfHealth(standing)}:\n${unhealthyText(standing)}`);
      }
      if (options.expectNoChanges && (changed || !well)) throw new CliError("", exitCodes.fail);
    });
};
