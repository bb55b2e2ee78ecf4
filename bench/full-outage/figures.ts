import {showMs} from "../../lib/durations.ts";
import type {Result} from "../../lib/result.ts";
import {median} from "../failover/figures.ts";
import {machineLine, markdown} from "../tables/markdown.ts";
import type {FullOutageResults, OutageRun} from "./results.ts";

/** What is kept of a run. A workload that was never served again has no time: its run does not pass. */
export function outageOf(result: Pick<Result, "verdict" | "reasons" | "workloads" | "faults" | "recoveredMs">) {
  const returned = result.faults[0]?.healing;
  const loads = Object.entries(result.workloads);
  const sum = (of: (load: Result["workloads"][string]) => number | undefined) =>
    loads.reduce((all, [, load]) => all + (of(load) ?? 0), 0);
  return {
    verdict: result.verdict,
    reasons: result.reasons,
    servedAgainMs: Object.fromEntries(
      loads.flatMap(([name, {outages}]) => {
        const spanning = outages.filter(({from, to}) => returned !== undefined && from < returned && to > returned);
        return spanning.length > 0 ? [[name, Math.max(...spanning.map(({to}) => to)) - returned!]] : [];
      }),
    ),
    ...(result.recoveredMs === undefined ? {} : {recoveredMs: result.recoveredMs}),
    acknowledged: sum(load => load.acknowledged),
    lost: sum(load => load.lost),
  };
}

/** Least, median and most of each workload, and of health, as Markdown; what did not pass below. */
export function fullOutageTable(results: FullOutageResults): string {
  const {runs, overMs} = results;
  const names = [...new Set(runs.flatMap(run => Object.keys(run.servedAgainMs)))];
  const row = (what: string, of: (run: OutageRun) => number | undefined) => {
    const known = runs.flatMap(run => of(run) ?? []);
    const [least, middle, most] =
      known.length > 0
        ? [Math.min(...known), median(known), Math.max(...known)].map(ms => showMs(ms))
        : ["–", "–", "–"];
    return [what, String(known.length), least!, middle!, most!];
  };
  const sum = (of: (run: OutageRun) => number) => runs.reduce((all, run) => all + of(run), 0);
  return [
    `Everything is killed at once and returns within ${showMs(overMs)}, in an order and at times that the seed chooses. Times from the return of the first member. ${machineLine(results)}`,
    "",
    markdown(
      ["until", "runs", "least", "median", "most"],
      [
        ...names.map(name => row(`${name} served again`, run => run.servedAgainMs[name])),
        row("every member healthy", run => run.recoveredMs),
      ],
      ["left", "right", "right", "right", "right"],
    ),
    "",
    `${runs.filter(run => run.verdict === "pass").length} of ${runs.length} runs passed; ${sum(run => run.lost)} of ${sum(run => run.acknowledged)} acknowledged operations were lost.`,
    ...runs
      .filter(run => run.verdict !== "pass")
      .map(run => `\n- seed ${run.seed}: ${run.verdict}. ${run.reasons.join(" ")}`),
  ].join("\n");
}
