import type {Result} from "../lib/result.ts";
import {budgetOf, showSettings} from "./words.ts";

/** Least, median and most of the longest outage of one workload, over the repeats of a scenario on a stack with the
 *  same settings. */
export interface Spread {
  scenario: string;
  /** Settings of the stack that the scenario asked for, `profile=kolla`; absent: none. */
  settings?: string;
  workload: string;
  runs: number;
  /** Milliseconds. */
  min: number;
  median: number;
  max: number;
  /** Longest outage that the configuration allows, milliseconds; absent where none was computed. */
  budget?: number;
  /** Over all runs; absent where it is not counted. */
  lost?: number;
}

/** Repeats of a scenario with the same settings, in the order in which they first ran. */
export interface Repeats {
  scenario: string;
  settings: string;
  runs: Result[];
}

/** The runs that repeat each other. */
export function repeatsOf(results: readonly Result[]): Repeats[] {
  const groups = Map.groupBy(results, r => JSON.stringify([r.scenario, showSettings(r.settings)]));
  return [...groups.values()].map(runs => ({
    scenario: runs[0]!.scenario,
    settings: showSettings(runs[0]!.settings),
    runs,
  }));
}

/** What the repeats of each scenario have measured. */
export function spreads(results: readonly Result[]): Spread[] {
  return repeatsOf(results).flatMap(repeats => {
    const names = new Set(repeats.runs.flatMap(r => Object.keys(r.workloads)));
    return [...names].map(workload => spread(repeats, workload));
  });
}

function spread({scenario, settings, runs}: Repeats, workload: string): Spread {
  const found = runs.flatMap(r => r.workloads[workload] ?? []);
  const counted = found.flatMap(w => w.lost ?? []);
  const budgets = runs.flatMap(r => budgetOf(r, workload) ?? []);
  return {
    scenario,
    ...(settings ? {settings} : {}),
    workload,
    runs: found.length,
    ...spreadOf(found.map(w => w.longestOutageMs))!,
    ...(budgets.length > 0 ? {budget: Math.max(...budgets)} : {}),
    ...(counted.length > 0 ? {lost: counted.reduce((a, b) => a + b, 0)} : {}),
  };
}

/** Least, median and most; undefined of nothing. The median of an even number is between the two in the middle. */
export function spreadOf(values: readonly number[]): {min: number; median: number; max: number} | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return {min: sorted[0]!, median, max: sorted.at(-1)!};
}
