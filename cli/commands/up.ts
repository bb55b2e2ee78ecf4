import type {Command} from "commander";
import {refuseForeign} from "../../engine/foreign.ts";
import {documentOf, sumOfHealth, unhealthyText} from "../../engine/health-text.ts";
import {holdStacks} from "../../engine/hold.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {asTyped, openStack} from "../../engine/open.ts";
import {operate} from "../../engine/operate.ts";
import {preflight} from "../../engine/preflight.ts";
import {Progress} from "../../engine/progress.ts";
import {recover} from "../../engine/recover.ts";
import {configPairs, type StackReference, stackReference} from "../../engine/reference.ts";
import {mustRefresh} from "../../engine/refresh.ts";
import {checkOwn, checkPairs, setStructured, withOwnFile, withoutProject} from "../../engine/settings.ts";
import {bringBack, healthLimitOption, waitHealthy} from "../../engine/stand.ts";
import {tryOut} from "../../engine/trial.ts";
import {dropDown, refuseHalfDown, saidOfHalfDown} from "../../engine/unfinished.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";

interface Options {
  config: string[];
  healthLimit: number;
  json?: boolean;
}

/** `holdfast up STACK`: makes or changes a stack until it is what its program says, every member healthy in its
 *  cluster. */
export const up: Register = (program: Command) => {
  program
    .command("up")
    .argument("<STACK>", "folder below stacks/, with a name behind a colon where there are several: lab, lab:second")
    .summary("make or change a stack")
    .description(
      "Gets what is missing on this machine, then makes or changes the stack until every member is healthy in its cluster. Exit code 1 when one is not in the end, with its name.",
    )
    .option(
      "-c, --config <key=value>",
      "set a setting of the stack (may be repeated); it is kept once the stack changes by it, never when it is refused",
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .addOption(healthLimitOption("longest wait for every member to be healthy, once the stack is made or changed"))
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast up lab", "./holdfast up lab:second --config subnet=198.18.68.0/22"))
    .action(async (text: string, options: Options) => {
      const reference = stackReference(text);
      const config = configPairs(options.config, reference.project);
      checkPairs(reference, config);
      checkOwn(reference, withoutProject(reference, config));
      await setUp();
      await preflight();
      await holdStacks([reference.label], () => change(reference, config, options));
    });
};

async function change(reference: StackReference, config: Record<string, string>, options: Options): Promise<void> {
  await refuseForeign(reference);
  refuseSecondRun(reference.label);
  await undoLeftovers(reference.label);
  const open = await openStack(reference, {create: true});
  await recover(open);
  refuseHalfDown(open);
  let began = Date.now();
  const progress = new Progress({quiet: false});
  const apply = async () => {
    const plain = Object.entries(setStructured(reference, config)).map(([key, value]) => [key, {value}]);
    if (plain.length > 0) await open.stack.setAllConfig(Object.fromEntries(plain));
    await tryOut(open);
    began = Date.now();
    note(`holdfast: up ${reference.label}`);
    await bringBack(reference, options.healthLimit);
    const refresh = await mustRefresh(open);
    await saidOfHalfDown(open, () =>
      operate(`up ${asTyped(reference)}`, progress, signal =>
        open.stack.up({onEvent: progress.onEvent, signal, refresh}),
      ),
    );
  };
  // What the engine refuses before it changes anything is not kept either.
  await withOwnFile(reference, apply, () => progress.changing);
  const standing = await waitHealthy(reference, "up", options.healthLimit);
  // A program without a topology has no members to ask.
  const well = standing?.healthy ?? true;
  if (well) dropDown(open);
  const ms = Date.now() - began;
  const done = `after ${showMs(ms)}: ${sum(progress.changes)}`;
  if (options.json)
    printJson({
      stack: reference.label,
      result: well ? "succeeded" : "failed",
      changes: progress.changes,
      steps: progress.steps,
      durationMs: ms,
      ...(standing ? documentOf(standing) : {}),
    });
  else if (well) print(`${reference.label} is up ${done}${standing ? `; ${standing.members} members healthy` : ""}.`);
  if (standing?.healthy === false)
    throw new CliError(
      `${reference.label} is as its program says (${done}), but ${sumOfHealth(standing)}:\n${unhealthyText(standing)}`,
      exitCodes.fail,
    );
}

/** `3 create, 12 same` for people. */
export function sum(changes: Record<string, number>): string {
  const words: Record<string, string> = {
    create: "created",
    update: "changed",
    delete: "deleted",
    replace: "replaced",
    same: "unchanged",
  };
  const parts = Object.entries(changes).filter(([, count]) => count > 0);
  return parts.length === 0 ? "nothing to do" : parts.map(([op, count]) => `${count} ${words[op] ?? op}`).join(", ");
}
