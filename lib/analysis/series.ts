import type {Operation, Unsent} from "../history.ts";
import type {WorkloadResult} from "../result.ts";
import {hitRateOf} from "./hits.ts";
import {latencyOf} from "./latency.ts";

type Row = WorkloadResult["series"][number];

const sizes = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const wanted = 300;

/** Width of a bucket so that a load of that length has at most 300 of them, in milliseconds. */
export function bucketFor(lengthMs: number): number {
  return sizes.find(size => lengthMs / size <= wanted) ?? Math.ceil(lengthMs / wanted);
}

/** One row a bucket from `from` to `to`, empty buckets included (they are what an outage looks like). An operation
 *  counts where it was done, and a slot that was given up where it was. Latency is of acknowledged operations, from
 *  their due time, and of those slots. */
export function seriesOf(
  operations: readonly Operation[],
  from: number,
  to: number,
  bucketMs: number,
  unsent: readonly Unsent[] = [],
): Row[] {
  if (to <= from) return [];
  const buckets = Array.from({length: Math.ceil((to - from) / bucketMs)}, () => ({
    own: [] as Operation[],
    unsent: [] as Unsent[],
  }));
  const bucket = (at: number) =>
    buckets[Math.min(buckets.length - 1, Math.max(0, Math.floor((at - from) / bucketMs)))]!;
  for (const o of operations) bucket(o.done).own.push(o);
  for (const run of unsent) bucket(run.at).unsent.push(run);
  return buckets.map((b, i) => row(from + i * bucketMs, b.own, b.unsent));
}

function row(at: number, own: Operation[], unsent: Unsent[]): Row {
  const count = (outcome: string) => own.filter(o => o.outcome === outcome).length;
  const result: Row = {at, ok: count("ok"), failed: count("failed"), unknown: count("unknown")};
  if (result.ok > 0) Object.assign(result, latencyOf(own, unsent));
  const hitRate = hitRateOf(own);
  if (hitRate !== undefined) result.hitRate = hitRate;
  return result;
}
