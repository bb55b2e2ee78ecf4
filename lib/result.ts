/** The document `report.json` of one scenario run. Times are Unix milliseconds, durations milliseconds. */
export interface Result {
  version: 1;
  scenario: string;
  summary: string;
  stack: string;
  verdict: Verdict;
  /** Why, in sentences: each bound that was broken, each thing that could not be known. Empty for pass. */
  reasons: string[];
  seed: number;
  /** The command that repeats the run. */
  command: string;
  started: number;
  ended: number;
  /** Phases in their order with begin and end. */
  phases: {name: Phase; from: number; to: number}[];
  workloads: Record<string, WorkloadResult>;
  faults: FaultResult[];
  /** From heal until every member was healthy in its cluster; absent when it never was. */
  recoveredMs?: number;
  /** After heal and recovery, `preview --refresh` showed no change. Absent when it was not asked. */
  converged?: boolean;
  /** Each bound of the scenario beside what was measured. */
  bounds: BoundResult[];
  /** Health of members over time, as the runner saw it: changes only. */
  members: {member: string; component: string; zone: string; states: {at: number; state: string; healthy: boolean}[]}[];
  /** What the machine was: cores, memory, engine versions. */
  machine: Record<string, string | number>;
}

/** Lattice: fail beats unknown beats pass. */
export type Verdict = "pass" | "unknown" | "fail";

export type Phase = "ready" | "load" | "fault" | "heal" | "settle" | "read" | "verdict" | "converge";

export interface WorkloadResult {
  workload: string;
  endpoint: string;
  clients: number;
  /** Asked rate, operations a second. */
  rate: number;
  acknowledged: number;
  failed: number;
  unknown: number;
  /** Operations that came due and were not sent because their client was still busy with earlier ones. */
  notSent?: number;
  /** Acknowledged and not there at the final read; absent when there was no final read. */
  lost?: number;
  /** There more than once at the final read. */
  duplicates?: number;
  /** Not acknowledged, yet there (unknown operations that landed). */
  recovered?: number;
  /** Longest time any client went without an acknowledged operation. */
  longestOutageMs: number;
  outages: {client: number; from: number; to: number; ms: number; errors: Record<string, number>}[];
  latencyMs: {p50: number; p99: number; max: number};
  /** Share of reads that hit, 0 to 1, for caches. */
  hitRate?: number;
  errors: Record<string, number>;
  /** For the plot: one row a bucket of `bucketMs`. */
  bucketMs: number;
  series: {
    at: number;
    ok: number;
    failed: number;
    unknown: number;
    p50?: number;
    p99?: number;
    max?: number;
    hitRate?: number;
  }[];
}

export interface FaultResult {
  fault: string;
  /** What was asked, for people: `kill galera writer`. */
  asked: string;
  /** Members that were hit. */
  members: string[];
  injected: number;
  /** When it was seen from outside that it took effect; absent: not shown, and the verdict is unknown. */
  confirmed?: number;
  healed?: number;
  /** How it was seen. */
  evidence?: string;
}

export interface BoundResult {
  /** `outage rows`, `lost rows`, `recovered`. */
  bound: string;
  limit: number;
  measured?: number;
  unit: "ms" | "count" | "ratio";
  verdict: Verdict;
}

/** The worse of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  const order: Verdict[] = ["pass", "unknown", "fail"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
}
