import type {Verdict} from "../../lib/result.ts";
import type {Results} from "../results.ts";

/** One loss of power with one seed. */
export interface OutageRun {
  seed: number;
  /** ISO time of its begin. */
  began: string;
  /** `error`: it gave no result at all. */
  verdict: Verdict | "error";
  reasons: string[];
  /** By workload: from the return of the first member until every client was served again, in milliseconds. Absent
   *  where that is not known. */
  servedAgainMs: Record<string, number>;
  /** From the return of the first member until every member was healthy. */
  recoveredMs?: number;
  acknowledged: number;
  lost: number;
}

/** `results/full-outage-<day>.json`. */
export interface FullOutageResults extends Results {
  bench: "full-outage";
  /** Times of return lie within so many milliseconds. */
  overMs: number;
  runs: OutageRun[];
}
