import type {Result} from "../../lib/result.ts";
import type {FailoverRun} from "./figures.ts";

/** Which run it is. */
export type RunKey = Pick<FailoverRun, "profile" | "fault" | "number">;

/** What a run of a scenario with one workload and one fault gave. An outage counts only when the fault was shown to
 *  have taken effect. */
export function runOf(key: RunKey, result: Result): FailoverRun {
  const load = Object.values(result.workloads)[0];
  const fault = result.faults[0];
  const base: FailoverRun = {
    ...key,
    began: new Date(result.started).toISOString(),
    seed: result.seed,
    verdict: result.verdict,
    reasons: result.reasons,
    ...(load ? {acknowledged: load.acknowledged, lost: load.lost} : {}),
    ...(result.recoveredMs === undefined ? {} : {recoveredMs: result.recoveredMs}),
  };
  if (!load || load.acknowledged === 0 || fault?.confirmed === undefined) return base;
  const healing = result.phases.find(phase => phase.name === "heal")?.from ?? Number.POSITIVE_INFINITY;
  const longest = load.outages.reduce((most, one) => (one.ms > (most?.ms ?? 0) ? one : most), load.outages[0]);
  const untilHealed = longest !== undefined && longest.from < healing && longest.to >= healing;
  return {...base, outageMs: load.longestOutageMs, ...(untilHealed ? {untilHealed: true} : {})};
}

/** A run that gave no result. */
export function failedRun(key: RunKey, began: number, error: unknown): FailoverRun {
  const reason = error instanceof Error ? error.message : String(error);
  return {...key, began: new Date(began).toISOString(), verdict: "error", reasons: [reason]};
}
