import type {Verdict} from "../../lib/result.ts";
import {ours} from "./profile.ts";

/** What is kept of one run of a fault under a profile. */
export interface FailoverRun {
  profile: string;
  fault: string;
  /** From 1. */
  number: number;
  /** ISO time of its begin. */
  began: string;
  seed?: number;
  /** `error`: it gave no result at all. */
  verdict: Verdict | "error";
  reasons: string[];
  /** Longest time that any client went without an acknowledged operation. Absent where the fault was not shown to have
   *  taken effect. */
  outageMs?: number;
  /** The outage was not over when the fault was healed: without healing it would have been longer. */
  untilHealed?: boolean;
  acknowledged?: number;
  lost?: number;
  recoveredMs?: number;
  /** With everything before and after the load. */
  tookMs?: number;
}

/** Outages of one fault under one profile, in milliseconds. */
export interface Spread {
  profile: string;
  fault: string;
  /** Runs that measured something. */
  runs: number;
  /** Runs whose verdict is not pass, measured or not. */
  notPassed: number;
  min: number;
  median: number;
  max: number;
  /** At least one outage lasted until the fault was healed, so that the figures are lower bounds. */
  atLeast: boolean;
  acknowledged: number;
  lost: number;
}

/** How many times longer a peer's outage is than ours. */
export interface Ratio {
  fault: string;
  profile: string;
  /** Of the medians. */
  median: number;
  /** The peer's shortest to our longest. */
  least: number;
  /** The peer's longest to our shortest. */
  most: number;
  atLeast: boolean;
}

/** How many times shorter than a peer's the outage has to be. */
export interface Goal {
  fault: string;
  profile: string;
  times: number;
}

/** Goals of the comparison, of the medians. */
export const goals: readonly Goal[] = [
  {fault: "vip-holder-killed", profile: "kolla-ansible", times: 6},
  {fault: "galera-member-killed", profile: "kolla-ansible", times: 10},
  {fault: "galera-writer-killed", profile: "kolla-ansible", times: 8},
  {fault: "rabbitmq-member-paused", profile: "rabbitmq-built-in", times: 8},
];

/** The spread of every fault and profile that was measured at least once, in the order of the runs. */
export function spreads(runs: readonly FailoverRun[]): Spread[] {
  return [...Map.groupBy(runs, run => `${run.fault} ${run.profile}`).values()].flatMap(spread);
}

function spread(runs: readonly FailoverRun[]): Spread[] {
  const {profile, fault} = runs[0]!;
  const measured = runs.filter(run => run.outageMs !== undefined);
  if (measured.length === 0) return [];
  const outages = measured.map(run => run.outageMs!);
  const sum = (of: (run: FailoverRun) => number | undefined) => runs.reduce((all, run) => all + (of(run) ?? 0), 0);
  return [
    {
      profile,
      fault,
      runs: measured.length,
      notPassed: runs.filter(run => run.verdict !== "pass").length,
      min: Math.min(...outages),
      median: median(outages),
      max: Math.max(...outages),
      atLeast: measured.some(run => run.untilHealed),
      acknowledged: sum(run => run.acknowledged),
      lost: sum(run => run.lost),
    },
  ];
}

/** The ratio of every other profile to ours, where both were measured. */
export function ratios(all: readonly Spread[]): Ratio[] {
  return all.flatMap(peer => {
    const own = all.find(one => one.fault === peer.fault && one.profile === ours);
    if (!own || peer.profile === ours || own.min <= 0) return [];
    return [
      {
        fault: peer.fault,
        profile: peer.profile,
        median: peer.median / own.median,
        least: peer.min / own.max,
        most: peer.max / own.min,
        atLeast: peer.atLeast,
      },
    ];
  });
}

/** Whether the goal is reached; undefined while it was not measured. Lower bounds count: what they hide is longer
 *  still. */
export function reached(goal: Goal, all: readonly Ratio[]): boolean | undefined {
  const ratio = all.find(one => one.fault === goal.fault && one.profile === goal.profile);
  return ratio && ratio.median >= goal.times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
