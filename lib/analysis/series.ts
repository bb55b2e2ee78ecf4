import type {Operation} from "../history.ts";
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

/** One row a bucket from `from` to `to`, empty buckets included (they are what an outage looks like). An operation counts where it
 *  was done. Latency is of acknowledged operations, from their due time. */
export function seriesOf(operations: readonly Operation[], from: number, to: number, bucketMs: number): Row[] {
  if (to <= from) return [];
  const buckets = Array.from({length: Math.ceil((to - from) / bucketMs)}, (): Operation[] => []);
  for (const o of operations) {
    const index = Math.floor((o.done - from) / bucketMs);
    buckets[Math.min(buckets.length - 1, Math.max(0, index))]!.push(o);
  }
  return buckets.map((own, i) => row(from + i * bucketMs, own));
}

function row(at: number, own: Operation[]): Row {
  const count = (outcome: string) => own.filter(o => o.outcome === outcome).length;
  const result: Row = {at, ok: count("ok"), failed: count("failed"), unknown: count("unknown")};
  if (result.ok > 0) Object.assign(result, latencyOf(own));
  const hitRate = hitRateOf(own);
  if (hitRate !== undefined) result.hitRate = hitRate;
  return result;
}
