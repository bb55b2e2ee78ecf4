import type {History} from "../history.ts";
import type {WorkloadResult} from "../result.ts";
import type {Check} from "./check.ts";
import {latencyOf} from "./latency.ts";
import {errorsOf, extent, outagesOf} from "./outages.ts";
import {bucketFor, seriesOf} from "./series.ts";

/** What was asked for. */
export interface Asked {
  workload: string;
  /** Name of the endpoint: `sql`. */
  endpoint: string;
  clients: number;
  /** Operations a second over all clients. */
  rate: number;
}

/** The figures of one workload for the report, from its history and what its checker found. */
export function summarise(asked: Asked, history: History, check: Check): WorkloadResult {
  const {operations} = history;
  const {from, to} = extent(operations, history);
  const bucketMs = bucketFor(to - from);
  const count = (outcome: string) => operations.filter(o => o.outcome === outcome).length;
  const notes = [...(history.notes ?? []), ...(check.notes ?? [])];
  return {
    ...asked,
    acknowledged: count("ok"),
    failed: count("failed"),
    unknown: count("unknown"),
    notSent: history.notSent ?? 0,
    ...check,
    ...(notes.length > 0 ? {notes} : {}),
    ...outagesOf(operations, {...asked, from, to}),
    latencyMs: latencyOf(operations),
    errors: errorsOf(operations),
    bucketMs,
    series: seriesOf(operations, from, to, bucketMs),
  };
}
