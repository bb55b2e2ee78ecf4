import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {ensureUp} from "../../engine/ensure.ts";
import {undoLeftovers} from "../../engine/leftovers.ts";
import type {StackReference} from "../../engine/reference.ts";
import {targetOf} from "../../engine/target.ts";
import {showMs} from "../../lib/durations.ts";
import {note} from "../../lib/output.ts";
import type {Result} from "../../lib/result.ts";
import {checkScenario} from "../../runner/scenario/check.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import type {Profile} from "../failover/profile.ts";
import {runReported} from "../reported.ts";
import type {WorkFolder} from "../work.ts";
import {falseAlarms} from "./counters.ts";
import {countersOf, logsSince} from "./observe.ts";
import type {NeighboursRun} from "./results.ts";

/** Quiet time before anything is counted, in milliseconds. */
const settleMs = 15_000;

export interface NeighboursOptions {
  reference: StackReference;
  profiles: readonly Profile[];
  scenario: Scenario;
  neighbours: number;
  minutes: number;
  work: WorkFolder;
  signal: AbortSignal;
}

/** Puts busy neighbours beside the stack, once with each profile that is not there yet, and counts what was taken for
 *  lost. */
export async function benchNeighbours(options: NeighboursOptions): Promise<NeighboursRun[]> {
  const {profiles, work, signal, minutes} = options;
  const open = profiles.filter(({name}) => work.read(nameOf(name)) === undefined);
  for (const [index, profile] of open.entries()) {
    if (signal.aborted) break;
    const left = (open.length - index) * (minutes + 3) * 60_000;
    note(`\nbench: ${profile.name} beside ${options.neighbours} neighbours, about ${showMs(left)} left`);
    const run = await beside(profile, options);
    if (signal.aborted) break;
    work.write(nameOf(profile.name), run);
    const {alarms} = run;
    note(`bench: ${alarms ? JSON.stringify(alarms) : run.reasons.join(" ")}`);
  }
  return work.all<NeighboursRun>("beside.");
}

const nameOf = (profile: string) => `beside.${profile}`;

async function beside(profile: Profile, options: NeighboursOptions): Promise<NeighboursRun> {
  const {reference, neighbours, minutes, work, signal} = options;
  const forMs = minutes * 60_000;
  const faults = options.scenario.faults.map(fault => ({
    ...fault,
    forMs,
    params: {...fault.params, cores: neighbours},
  }));
  const scenario = {...options.scenario, faults, settings: profile.settings};
  const began = Date.now();
  const about = {
    profile: profile.name,
    title: profile.title,
    minutes,
    neighbours,
    began: new Date(began).toISOString(),
  };
  try {
    const stack = await ensureUp(reference, topology => checkScenario(scenario, topology), profile.settings);
    const target = targetOf(stack.topology);
    work.write("machine", {machine: await target.machine()});
    // A stack that has just come up still finds out who holds the address.
    await sleep(Math.max(profile.restMs, settleMs), undefined, {signal});
    const [before, since] = [await countersOf(stack.topology, target), Date.now()];
    const result = await runReported(scenario, stack, join(work.folder, profile.name), signal);
    if (!result) throw new Error("The run was interrupted.");
    const [after, logs] = [await countersOf(stack.topology, target), await logsSince(stack.topology, since)];
    return {...about, ...figuresOf(result), alarms: falseAlarms(before, after, logs)};
  } catch (error) {
    await undoLeftovers(reference.label);
    return {...about, verdict: "error", reasons: [error instanceof Error ? error.message : String(error)]};
  }
}

function figuresOf({verdict, reasons, workloads}: Result) {
  const loads = Object.entries(workloads);
  const sum = (of: (load: Result["workloads"][string]) => number | undefined) =>
    loads.reduce((all, [, load]) => all + (of(load) ?? 0), 0);
  return {
    verdict,
    reasons,
    outagesMs: Object.fromEntries(loads.map(([name, load]) => [name, load.longestOutageMs])),
    lost: sum(load => load.lost),
    acknowledged: sum(load => load.acknowledged),
  };
}
