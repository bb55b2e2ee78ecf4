import type {Operation} from "../history.ts";

/** Share of reads that hit, 0 to 1; undefined when there was no read. A read that failed did not hit. */
export function hitRateOf(operations: readonly Operation[]): number | undefined {
  let [hits, reads] = [0, 0];
  for (const {kind} of operations) {
    if (kind === "get-hit") hits++;
    if (kind === "get-hit" || kind === "get-miss" || kind === "get") reads++;
  }
  return reads === 0 ? undefined : Math.round((hits / reads) * 10_000) / 10_000;
}
