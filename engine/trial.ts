import {exitCodes, failingWith} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import type {Topology} from "../lib/topology.ts";
import {topologyIn} from "./files.ts";
import {asTyped, type OpenStack} from "./open.ts";
import {operate} from "./operate.ts";
import {Progress} from "./progress.ts";
import {effective, type Settings, sameSettings} from "./settings.ts";

/** Lets the program of the stack judge settings that the stack does not stand with, before anything is changed: an
 *  engine that applies a program makes what comes first in it while what comes later is still to be refused. The
 *  defaults of a project need no judging. Errors (64): they are refused. */
export async function tryOut(open: OpenStack, settings: Settings = {}, configFile?: string): Promise<void> {
  const {reference, stack} = open;
  const wanted = effective(reference, settings);
  if (sameSettings(wanted, effective(reference, {}, false))) return;
  const standing = (open.files ? topologyIn(open.files) : await outputTopology(open))?.settings;
  if (standing && sameSettings(wanted, standing)) return;
  note(`holdfast: ${reference.label}: looking at the settings`);
  const progress = new Progress({quiet: true});
  await failingWith(exitCodes.usage, () =>
    operate(`up ${asTyped(reference)}`, progress, signal =>
      stack.preview({onEvent: progress.onEvent, signal, configFile}),
    ),
  );
}

async function outputTopology({stack}: OpenStack): Promise<Topology | undefined> {
  return (await stack.outputs()).topology?.value as Topology | undefined;
}
