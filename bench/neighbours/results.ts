import type {Verdict} from "../../lib/result.ts";
import type {Results} from "../results.ts";
import type {FalseAlarms} from "./counters.ts";

/** One profile beside its neighbours. */
export interface NeighboursRun {
  profile: string;
  title: string;
  minutes: number;
  neighbours: number;
  /** ISO time of its begin. */
  began: string;
  verdict: Verdict | "error";
  reasons: string[];
  /** Absent where it gave no result. */
  alarms?: FalseAlarms;
  /** Longest outage of each workload, in milliseconds. */
  outagesMs?: Record<string, number>;
  lost?: number;
  acknowledged?: number;
}

/** `results/neighbours-<day>.json`. */
export interface NeighboursResults extends Results {
  bench: "neighbours";
  runs: NeighboursRun[];
}
