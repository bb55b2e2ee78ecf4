import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {ensureUp, type StandingStack} from "../../engine/ensure.ts";
import {undoLeftovers} from "../../engine/leftovers.ts";
import type {StackReference} from "../../engine/reference.ts";
import {targetOf} from "../../engine/target.ts";
import {showMs} from "../../lib/durations.ts";
import {note} from "../../lib/output.ts";
import {checkScenario} from "../../runner/scenario/check.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {versionsOf} from "../about.ts";
import {runReported} from "../reported.ts";
import type {WorkFolder} from "../work.ts";
import type {FailoverRun} from "./figures.ts";
import {type Planned, remainingMs} from "./plan.ts";
import type {Profile} from "./profile.ts";
import {failedRun, runOf} from "./run.ts";

export interface FailoverOptions {
  reference: StackReference;
  profiles: readonly Profile[];
  /** By name. */
  faults: Readonly<Record<string, Scenario>>;
  plan: readonly Planned[];
  work: WorkFolder;
  /** Runs that gave no pass are made again. */
  again: boolean;
  signal: AbortSignal;
}

/** Does the runs that are not there yet, profile by profile, and gives all that the work folder has, those of other
 *  profiles too. A run that fails is kept and told, and the next begins. */
export async function benchFailover(options: FailoverOptions): Promise<FailoverRun[]> {
  const {plan, work, signal} = options;
  const open = plan.filter(one => !kept(one, options));
  const done = plan.length - open.length;
  if (done > 0) note(`bench: ${done} of ${plan.length} runs are there already, in ${work.folder}.`);
  let stack: StandingStack | undefined;
  let standing: string | undefined;
  for (const [index, one] of open.entries()) {
    if (signal.aborted) break;
    note(
      `\nbench: ${one.profile}, ${one.fault}, ${one.number}: run ${done + index + 1} of ${plan.length}, ${left(open.slice(index), options)}`,
    );
    if (standing !== one.profile) {
      stack = await stand(profileOf(one, options), options);
      await rest(settledMs, signal);
    }
    standing = one.profile;
    await rest(profileOf(one, options).restMs, signal);
    const run = await once(one, stack!, options);
    if (run && !signal.aborted) tell(keep(one, run, work));
  }
  return work.all<FailoverRun>("run.");
}

function kept(one: Planned, {work, again}: FailoverOptions): boolean {
  const run = work.read<FailoverRun>(nameOf(one));
  return run !== undefined && (!again || run.verdict === "pass");
}

const nameOf = ({profile, fault, number}: Planned) => `run.${profile}.${fault}.${number}`;
const profileOf = (one: Planned, {profiles}: FailoverOptions) => profiles.find(p => p.name === one.profile)!;

function left(open: readonly Planned[], options: FailoverOptions): string {
  const runs = options.plan.flatMap(one => options.work.read<FailoverRun>(nameOf(one)) ?? []);
  return `${showMs(remainingMs(open, runs, options.profiles, options.faults))} left`;
}

/** The stack with the settings of the profile, changed one member at a time where it stands otherwise. */
async function stand(profile: Profile, {reference, faults, work}: FailoverOptions): Promise<StandingStack> {
  const scenarios = profile.faults.flatMap(name => faults[name] ?? []);
  const stack = await ensureUp(
    reference,
    topology => scenarios.forEach(s => void checkScenario(s, topology)),
    profile.settings,
  );
  const target = targetOf(stack.topology);
  work.write("machine", {machine: await target.machine(), versions: await versionsOf(stack.topology, target)});
  return stack;
}

/** A change of RabbitMQ's net_ticktime takes effect a minute after the last member was replaced; everything else that a
 *  profile sets is there sooner. */
const settledMs = 70_000;

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  note(`bench: ${showMs(ms)} of rest, until the checks of this profile have settled.`);
  await sleep(ms, undefined, {signal}).catch(() => {});
}

/** One run with its report in the work folder; undefined after an interrupt. */
async function once(one: Planned, stack: StandingStack, options: FailoverOptions): Promise<FailoverRun | undefined> {
  const {faults, work, signal, reference} = options;
  const profile = profileOf(one, options);
  const scenario = {...faults[one.fault]!, settings: profile.settings};
  const began = Date.now();
  try {
    const result = await runReported(
      scenario,
      stack,
      join(work.folder, one.profile, `${one.fault}-${one.number}`),
      signal,
    );
    return result && {...runOf(one, result), tookMs: Date.now() - began};
  } catch (error) {
    await undoLeftovers(reference.label);
    return {...failedRun(one, began, error), tookMs: Date.now() - began};
  }
}

function keep<T>(one: Planned, run: T, work: WorkFolder): T {
  work.write(nameOf(one), run);
  return run;
}

function tell({outageMs, untilHealed, lost, acknowledged, verdict, reasons}: FailoverRun): void {
  const outage =
    outageMs === undefined ? "no outage measured" : `${untilHealed ? "at least " : ""}${showMs(outageMs)} of outage`;
  note(`bench: ${outage}, ${lost ?? "unknown"} lost of ${acknowledged ?? 0}, ${verdict}`);
  for (const reason of reasons) note(`bench:   ${reason}`);
}
