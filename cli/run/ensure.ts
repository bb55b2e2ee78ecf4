import {showMs} from "../../lib/durations.ts";
import type {Topology} from "../../lib/topology.ts";
import {membersOf} from "../../runner/members.ts";
import {note} from "../output.ts";
import {asTyped, type OpenStack, openStack} from "../stack/open.ts";
import {operate} from "../stack/operate.ts";
import {preflight} from "../stack/preflight.ts";
import {Progress} from "../stack/progress.ts";
import {recover} from "../stack/recover.ts";
import type {StackReference} from "../stack/reference.ts";
import {targetOf} from "./target.ts";

/** A stack that stands. */
export interface StandingStack {
  open: OpenStack;
  topology: Topology;
  secrets: Record<string, string>;
}

/** The stack, made first where it is not up or has lost members. `check` sees what the stack has before anything is done to it. */
export async function ensureUp(reference: StackReference, check: (topology: Topology) => void): Promise<StandingStack> {
  const open = await openStack(reference, {create: true});
  const found = await outputsOf(open);
  if (found) check(found.topology);
  if (found && (await isWhole(found.topology))) return {open, ...found};
  note(`holdfast: ${reference.label} ${found ? "has lost members" : "is not up"}; making it.`);
  await preflight();
  await recover(open);
  const began = Date.now();
  const progress = new Progress({quiet: false});
  await operate(`up ${asTyped(reference)}`, progress, signal =>
    open.stack.up({onEvent: progress.onEvent, signal, refresh: found !== undefined}),
  );
  note(`holdfast: ${reference.label} is up after ${showMs(Date.now() - began)}.`);
  const made = (await outputsOf(open))!;
  check(made.topology);
  return {open, ...made};
}

async function outputsOf({stack}: OpenStack): Promise<Omit<StandingStack, "open"> | undefined> {
  const outputs = await stack.outputs();
  const topology = outputs.topology?.value as Topology | undefined;
  if (topology?.version !== 1) return undefined;
  return {topology, secrets: (outputs.secrets?.value ?? {}) as Record<string, string>};
}

/** Every container of every member is there, whatever its state. */
async function isWhole(topology: Topology): Promise<boolean> {
  const target = targetOf(topology);
  const there = await Promise.allSettled(membersOf(topology).map(({member}) => target.look(member)));
  return there.every(one => one.status === "fulfilled");
}
