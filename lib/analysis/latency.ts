import type {Operation, Unsent} from "../history.ts";

/** Nearest-rank quantile of sorted numbers; 0 when there are none. `q` from 0 to 1. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return 0;
  const rank = Math.ceil(q * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!;
}

export interface Latency {
  p50: number;
  p99: number;
  max: number;
}

/** Latency of the acknowledged operations in milliseconds, from when each was *due*: time that an operation waited
 *  because its client was held up by an earlier one counts, as it would for a user. Slots that were given up count with
 *  what they had waited by then, which is less than a user would have: without them an outage would take its own slow
 *  operations out of the figures. */
export function latencyOf(operations: readonly Operation[], unsent: readonly Unsent[] = []): Latency {
  const waits = operations.filter(o => o.outcome === "ok").map(o => Math.max(0, o.done - o.due));
  for (const run of unsent) for (const wait of waitsOf(run)) waits.push(wait);
  const sorted = Float64Array.from(waits).sort();
  return {p50: round(quantile(sorted, 0.5)), p99: round(quantile(sorted, 0.99)), max: round(quantile(sorted, 1))};
}

function waitsOf({slots, first, last, at}: Unsent): number[] {
  const spacing = slots > 1 ? (last - first) / (slots - 1) : 0;
  return Array.from({length: slots}, (_, i) => Math.max(0, at - first - i * spacing));
}

const round = (ms: number) => Math.round(ms * 100) / 100;
