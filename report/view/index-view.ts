import {showMs} from "../../lib/durations.ts";
import type {Result, Verdict} from "../../lib/result.ts";
import type {Index} from "../index-document.ts";
import * as words from "../words.ts";
import {type Comparison, comparisonsOf} from "./compare.ts";

/** Everything that the page over several runs shows. */
export interface IndexView {
  title: string;
  verdict: Verdict;
  when: string;
  took: string;
  stacks: string;
  counts: {verdict: Verdict; count: number}[];
  comparisons: Comparison[];
  runs: {
    scenario: string;
    settings: string;
    summary: string;
    verdict: Verdict;
    reasons: string[];
    link: string;
    outages: {
      workload: string;
      measured: string;
      limit: string;
      filled: number;
      mark?: number;
      verdict: Verdict | "none";
    }[];
    lost: string;
    lostBad: boolean;
    recovered: string;
    converged: string;
    took: string;
    seed: number;
  }[];
}

/** The page of that index. Every bar of an outage has its own scale: full is a little more than what is allowed. */
export function viewOfIndex(results: Result[], index: Index): IndexView {
  const verdicts = ["pass", "fail", "unknown"] as const;
  const links = index.runs.map(run => `${run.folder.split("/").map(encodeURIComponent).join("/")}/report.html`);
  return {
    title: `${results.length} runs: ${index.verdict}`,
    verdict: index.verdict,
    when: results.length ? words.showTime(index.started) : "never",
    took: results.length ? showMs(index.ended - index.started) : "–",
    stacks: [...new Set(results.map(r => r.stack))].join(", ") || "no stack",
    counts: verdicts.map(verdict => ({verdict, count: results.filter(r => r.verdict === verdict).length})),
    comparisons: comparisonsOf(results, links),
    runs: index.runs.map((run, i) => ({
      scenario: run.scenario,
      settings: words.showSettings(run.settings),
      summary: run.summary,
      verdict: run.verdict,
      reasons: run.reasons,
      link: links[i]!,
      outages: run.outages.map(o => {
        const scale = Math.max((o.limit ?? o.measured) * 1.15, o.measured, 1);
        return {
          workload: o.workload,
          measured: showMs(o.measured),
          limit: o.limit === undefined ? "no bound" : `≤ ${showMs(o.limit)}`,
          filled: (o.measured / scale) * 100,
          mark: o.limit === undefined ? undefined : (o.limit / scale) * 100,
          verdict: o.verdict ?? "none",
        };
      }),
      lost: words.count(run.lost),
      lostBad: (run.lost ?? 0) > 0,
      recovered: run.recoveredMs === undefined ? "–" : showMs(run.recoveredMs),
      converged: words.showConverged(run.converged),
      took: showMs(run.tookMs),
      seed: run.seed,
    })),
  };
}
