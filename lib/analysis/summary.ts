import type {History, Operation} from "../history.ts";
import type {WorkloadResult} from "../result.ts";
import type {Check} from "./check.ts";
import {latencyOf, quantile} from "./latency.ts";
import {errorsOf, extent, outagesOf} from "./outages.ts";
import {bucketFor, seriesOf} from "./series.ts";

/** A client is one thread. Above this share of a core, its own work begins to show in the latency. */
const busyShare = 0.7;

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
  const client = history.client && {...history.client, lateMs: lateOf(operations)};
  const notes = [...(history.notes ?? []), ...busyNote(history), ...(check.notes ?? [])];
  return {
    ...asked,
    acknowledged: count("ok"),
    failed: count("failed"),
    unknown: count("unknown"),
    notSent: history.notSent ?? 0,
    ...check,
    ...(notes.length > 0 ? {notes} : {}),
    ...outagesOf(operations, {...asked, from, to}),
    latencyMs: latencyOf(operations, history.unsent),
    ...(client ? {client} : {}),
    errors: errorsOf(operations),
    bucketMs,
    series: seriesOf(operations, from, to, bucketMs, history.unsent),
  };
}

/** 99th percentile of the time between due and sent, in milliseconds. */
function lateOf(operations: readonly Operation[]): number {
  return Math.round(quantile(Float64Array.from(operations, o => o.sent - o.due).sort(), 0.99) * 10) / 10;
}

function busyNote({client}: History): string[] {
  if (!client || client.cpuShare < busyShare) return [];
  return [
    `The client used ${Math.round(client.cpuShare * 100)} % of a core, and has one: latencies and rate may be its own limit.`,
  ];
}
