import {showMs} from "../lib/durations.ts";
import {exitCodes, failingWith} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import type {Topology} from "../lib/topology.ts";
import {membersOf} from "../runner/members.ts";
import {countGone} from "./gone.ts";
import {healthLimitMs} from "./health.ts";
import {stackObjects} from "./objects.ts";
import {asTyped, type OpenStack, openStack} from "./open.ts";
import {operate} from "./operate.ts";
import {preflight} from "./preflight.ts";
import {Progress} from "./progress.ts";
import {recover} from "./recover.ts";
import type {StackReference} from "./reference.ts";
import {configFileWith, effective, type Settings, sameSettings} from "./settings.ts";
import {bringBack} from "./stand.ts";
import {targetOf} from "./target.ts";
import {tryOut} from "./trial.ts";
import {dropDown, isHalfDown, refuseHalfDown} from "./unfinished.ts";

/** A stack that stands. */
export interface StandingStack {
  open: OpenStack;
  /** Configuration file that it was brought up with, where that is not the user's own. */
  configFile?: string;
  /** Settings that it stands with, above the user's own. */
  settings: Settings;
  topology: Topology;
  secrets: Record<string, string>;
}

/** The stack, made first where it is not up, has lost members or stands with other settings. `check` sees what the
 *  stack has before anything is done to it, unless the settings change what it has. */
export async function ensureUp(
  reference: StackReference,
  check: (topology: Topology) => void,
  settings: Settings = {},
): Promise<StandingStack> {
  const open = await openStack(reference, {create: true});
  const found = await outputsOf(open);
  const configFile = configFileWith(reference, settings);
  const same = found !== undefined && sameSettings(found.topology.settings ?? {}, effective(reference, settings));
  if (found && same) check(found.topology);
  if (found && same && !isHalfDown(open) && (await isWhole(found.topology)))
    return {open, configFile, settings, ...found};
  const why = !found ? "is not up" : same ? "has lost members" : "stands with other settings";
  note(`holdfast: ${reference.label} ${why}; making it${configFile ? ` with ${say(settings)}` : ""}.`);
  await preflight();
  await recover(open);
  refuseHalfDown(open);
  // For its error: the refresh below reads whatever else is gone.
  countGone(open, await stackObjects(reference.label));
  await tryOut(open, settings, configFile);
  const began = Date.now();
  await bringBack(reference, healthLimitMs);
  const progress = new Progress({quiet: false});
  await failingWith(exitCodes.unavailable, () =>
    operate(`up ${asTyped(reference)}`, progress, signal =>
      open.stack.up({onEvent: progress.onEvent, signal, refresh: found !== undefined, configFile}),
    ),
  );
  dropDown(open);
  note(`holdfast: ${reference.label} is up after ${showMs(Date.now() - began)}.`);
  const made = (await outputsOf(open))!;
  check(made.topology);
  return {open, configFile, settings, ...made};
}

const say = (settings: Settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");

/** What the stack has; undefined where it is not up. */
export async function outputsOf({stack}: OpenStack): Promise<Pick<StandingStack, "topology" | "secrets"> | undefined> {
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
