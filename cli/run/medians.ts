import {showMs} from "../../lib/durations.ts";
import type {Result} from "../../lib/result.ts";
import {table} from "../../lib/terminal.ts";
import {spreads} from "../../report/spread.ts";

/** Least, median and most of the longest outage over the repeats, as a table for a terminal. */
export function medians(results: readonly Result[]): string {
  const all = spreads(results);
  const right = {align: "right", fixed: true} as const;
  const columns = [
    {title: "scenario"},
    {title: "settings", optional: true},
    {title: "workload"},
    {title: "runs", ...right},
    {title: "outage min", ...right},
    {title: "median", ...right},
    {title: "max", ...right},
    {title: "budget", ...right, optional: true},
    {title: "lost", ...right},
  ];
  const rows = all.map(s => [
    s.scenario,
    s.settings ?? "–",
    s.workload,
    String(s.runs),
    showMs(s.min),
    showMs(s.median),
    showMs(s.max),
    s.budget === undefined ? "–" : showMs(s.budget),
    s.lost === undefined ? "–" : String(s.lost),
  ]);
  return table(rows, {columns, indent: 2});
}
