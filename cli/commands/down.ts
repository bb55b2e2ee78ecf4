import type {Command} from "commander";
import {refuseForeign} from "../../engine/foreign.ts";
import {holdStacks} from "../../engine/hold.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {removeObjects, stackObjects, stopAll, unpauseAll} from "../../engine/objects.ts";
import {asTyped, openStack} from "../../engine/open.ts";
import {operate} from "../../engine/operate.ts";
import {Progress} from "../../engine/progress.ts";
import {dropUnknown, recover} from "../../engine/recover.ts";
import {type StackReference, stackReference} from "../../engine/reference.ts";
import {dropDown, noteDown} from "../../engine/unfinished.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {within} from "../../lib/limit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";
import {sum} from "./up.ts";

/** Longest time that the members may take to stop, when all else is gone already. */
const stopLimitMs = 60_000;

interface Options {
  json?: boolean;
  removeOrphans?: boolean;
}

/** `holdfast down STACK`: deletes a stack with its data. */
export const down: Register = (program: Command) => {
  program
    .command("down")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("delete a stack with its data")
    .description("Deletes the stack with its data, and whatever else carries its label. Its settings are kept.")
    .option("--remove-orphans", "also a stack of that name which is in no state of this checkout")
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast down lab"))
    .action(async (text: string, options: Options) => {
      const reference = stackReference(text);
      await setUp(["pulumi", "docker-plugin", "own-plugin", "engine"]);
      await holdStacks([reference.label], () => takeDown(reference, options));
    });
};

async function takeDown(reference: StackReference, options: Options): Promise<void> {
  if (!options.removeOrphans) await refuseForeign(reference);
  refuseSecondRun(reference.label);
  await undoLeftovers(reference.label);
  const resumed = await unpauseAll(await stackObjects(reference.label));
  if (resumed.length > 0) note(`holdfast: resumed ${resumed.join(", ")}, so that they can stop in good order.`);
  // Clients of runs are on the stack's networks, which cannot go while they are there.
  await removeObjects((await stackObjects(reference.label)).filter(o => o.run !== undefined));
  const open = await openStack(reference, {create: true});
  await recover(open);
  await dropUnknown(open);
  noteDown(open);
  const began = Date.now();
  const progress = new Progress({quiet: false});
  note(`holdfast: down ${reference.label}`);
  // The whole stack goes: no member need leave its cluster in good order.
  open.stack.workspace.envVars.HOLDFAST_LEAVE = "off";
  // The engine takes members away one after the other, and waits for each to stop; by then all have.
  const stopping = stopAll(await stackObjects(reference.label));
  try {
    await operate(`down ${asTyped(reference)}`, progress, signal =>
      open.stack.destroy({onEvent: progress.onEvent, signal}),
    );
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== exitCodes.fail) throw error;
    const next = `What is deleted stays deleted. Once what is said above is mended, go on with: ./holdfast down ${asTyped(reference)}`;
    throw new CliError(`${error.message}\n${next}`, error.code);
  }
  await within(stopLimitMs, "Stopping the members", stopping);
  const leftovers = await stackObjects(reference.label);
  for (const object of leftovers) note(`  - ${object.name}  ${object.kind} (left over)`);
  const stuck = await removeObjects(leftovers);
  if (stuck.length === 0) dropDown(open);
  const ms = Date.now() - began;
  if (options.json)
    printJson({
      stack: reference.label,
      result: stuck.length === 0 ? "succeeded" : "failed",
      changes: progress.changes,
      leftovers: leftovers.map(o => o.name),
      durationMs: ms,
    });
  else print(`${reference.label} is down after ${showMs(ms)}: ${sum(progress.changes)}.`);
  if (stuck.length > 0)
    throw new CliError(
      stuck.map(s => `The ${s.object.kind} ${s.object.name} could not be removed: ${s.why}`).join("\n"),
      exitCodes.fail,
    );
}
