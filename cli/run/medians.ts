import {showMs} from "../../lib/durations.ts";
import type {Result} from "../../lib/result.ts";

/** Least, median and most of the longest outage, for each workload of each scenario. */
export interface Spread {
  scenario: string;
  workload: string;
  runs: number;
  min: number;
  median: number;
  max: number;
  /** Over all runs; undefined where it is not counted. */
  lost?: number;
}

/** What the repeats of each scenario have measured. */
export function spreads(results: readonly Result[]): Spread[] {
  const scenarios = [...new Set(results.map(r => r.scenario))];
  return scenarios.flatMap(scenario => {
    const runs = results.filter(r => r.scenario === scenario);
    const names = [...new Set(runs.flatMap(r => Object.keys(r.workloads)))];
    return names.map(workload => spread(scenario, workload, runs));
  });
}

function spread(scenario: string, workload: string, runs: readonly Result[]): Spread {
  const found = runs.flatMap(r => r.workloads[workload] ?? []);
  const sorted = found.map(w => w.longestOutageMs).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const counted = found.flatMap(w => w.lost ?? []);
  return {
    scenario,
    workload,
    runs: found.length,
    min: sorted[0]!,
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    max: sorted.at(-1)!,
    ...(counted.length > 0 ? {lost: counted.reduce((a, b) => a + b, 0)} : {}),
  };
}

/** As rows of a table, with its head. */
export function spreadRows(all: readonly Spread[]): string[][] {
  const head = ["scenario", "workload", "runs", "outage min", "median", "max", "lost"];
  const rows = all.map(s => [
    s.scenario,
    s.workload,
    String(s.runs),
    showMs(s.min),
    showMs(s.median),
    showMs(s.max),
    s.lost === undefined ? "–" : String(s.lost),
  ]);
  return [head, ...rows];
}
