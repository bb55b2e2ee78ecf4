import {showMs} from "../../lib/durations.ts";
import type {Result, Verdict} from "../../lib/result.ts";
import {repeatsOf, spreadOf} from "../spread.ts";
import * as words from "../words.ts";

/** One workload of one scenario that ran several times: a strip for each set of settings, all on one scale. */
export interface Comparison {
  scenario: string;
  workload: string;
  strips: Strip[];
  ticks: {left: number; text: string}[];
}

export interface Strip {
  settings: string;
  runs: number;
  min: string;
  median: string;
  max: string;
  budget: string;
  lost: string;
  /** Of the first strip's median: `× 9.4`; empty for the first one. */
  ratio: string;
  /** Places in percent. */
  dots: {left: number; verdict: Verdict; text: string; link: string}[];
  range: {left: number; width: number};
  middle: number;
  mark?: number;
}

/** What ran more than once, side by side. `links` lead to the report of each result. */
export function comparisonsOf(results: readonly Result[], links: readonly string[]): Comparison[] {
  const scenarios = [...Map.groupBy(results, r => r.scenario).values()].filter(runs => runs.length > 1);
  const linkOf = new Map(results.map((result, i) => [result, links[i]!]));
  return scenarios.flatMap(runs => {
    const workloads = new Set(runs.flatMap(r => Object.keys(r.workloads)));
    return [...workloads].map(workload => compare(workload, runs, linkOf));
  });
}

function compare(workload: string, runs: Result[], linkOf: ReadonlyMap<Result, string>): Comparison {
  const measured = (run: Result) => run.workloads[workload]?.longestOutageMs;
  const budgets = runs.flatMap(run => words.budgetOf(run, workload) ?? []);
  const top = Math.max(1, ...runs.flatMap(run => measured(run) ?? []), ...budgets) * 1.04;
  const place = (ms: number) => (ms / top) * 100;
  const groups = repeatsOf(runs).map(group => ({...group, runs: group.runs.filter(r => measured(r) !== undefined)}));
  const used = groups.filter(group => group.runs.length > 0);
  const first = spreadOf(used[0]?.runs.map(r => measured(r)!) ?? [])?.median;
  return {
    scenario: runs[0]!.scenario,
    workload,
    strips: used.map(({settings, runs: own}, i) => {
      const {min, median, max} = spreadOf(own.map(r => measured(r)!))!;
      const budget = Math.max(0, ...own.map(r => words.budgetOf(r, workload) ?? 0));
      const lost = own.flatMap(r => r.workloads[workload]!.lost ?? []);
      return {
        settings: settings || "defaults",
        runs: own.length,
        min: showMs(min),
        median: showMs(median),
        max: showMs(max),
        budget: budget ? showMs(budget) : "–",
        lost: lost.length ? words.count(lost.reduce((a, b) => a + b, 0)) : "–",
        ratio: i > 0 && first ? `× ${(median / first).toFixed(1)}` : "",
        dots: own.map(run => ({
          left: place(measured(run)!),
          verdict: words.boundOn(run, "outage", workload)?.verdict ?? run.verdict,
          text: `${showMs(measured(run)!)}, seed ${run.seed}`,
          link: linkOf.get(run)!,
        })),
        range: {left: place(min), width: place(max - min)},
        middle: place(median),
        ...(budget ? {mark: place(budget)} : {}),
      };
    }),
    ticks: ticksTo(top, place),
  };
}

/** Four to eight round times from zero. */
function ticksTo(top: number, place: (ms: number) => number): Comparison["ticks"] {
  const power = 10 ** Math.floor(Math.log10(top / 4));
  const step = [1, 2, 5, 10].map(n => n * power).find(s => top / s <= 6)!;
  const count = Math.floor(top / step) + 1;
  return [...Array(count).keys()].map(i => ({left: place(i * step), text: i === 0 ? "0" : showMs(i * step)}));
}
