import type {Result, Verdict} from "../lib/result.ts";
import {type Spread, spreads} from "./spread.ts";
import {overall} from "./summary-many.ts";
import {boundOn, budgetOf, total} from "./words.ts";

/** The document `index.json` over several runs. */
export interface Index {
  version: 1;
  /** The worst of all. */
  verdict: Verdict;
  started: number;
  ended: number;
  runs: IndexRun[];
  /** Least, median and most of the longest outage of each workload, over the repeats of each scenario. */
  spreads: Spread[];
}

export interface IndexRun {
  scenario: string;
  summary: string;
  verdict: Verdict;
  reasons: string[];
  seed: number;
  /** Folder of its report, relative to the index. */
  folder: string;
  /** Longest outage of each workload beside its bound, milliseconds. */
  outages: {workload: string; measured: number; limit?: number; verdict?: Verdict; budget?: number}[];
  /** Of the stack, as the scenario asked for them; absent: none. */
  settings?: Record<string, string>;
  /** Anomalies that checkers found, over all workloads. */
  findings: number;
  /** Over all workloads; absent when none had a final read. */
  lost?: number;
  recoveredMs?: number;
  converged?: boolean;
  /** The whole run, milliseconds. */
  tookMs: number;
}

/** What the runs have in common, side by side. */
export function indexOf(results: Result[], folders: string[]): Index {
  return {
    version: 1,
    verdict: overall(results),
    started: Math.min(...results.map(r => r.started)),
    ended: Math.max(...results.map(r => r.ended)),
    runs: results.map((result, i) => ({
      scenario: result.scenario,
      summary: result.summary,
      verdict: result.verdict,
      reasons: result.reasons,
      seed: result.seed,
      folder: folders[i]!,
      outages: Object.entries(result.workloads).map(([workload, w]) => {
        const bound = boundOn(result, "outage", workload);
        const budget = budgetOf(result, workload);
        return {workload, measured: w.longestOutageMs, limit: bound?.limit, verdict: bound?.verdict, budget};
      }),
      settings: result.settings,
      findings: Object.values(result.workloads).reduce((sum, w) => sum + (w.findings?.length ?? 0), 0),
      lost: total(result, "lost"),
      recoveredMs: result.recoveredMs,
      converged: result.converged,
      tookMs: result.ended - result.started,
    })),
    spreads: spreads(results),
  };
}
