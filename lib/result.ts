import type {Standstill} from "./analysis/standstills.ts";
import type {ClientFigures, Operation} from "./history.ts";

/** The document `report.json` of one scenario run. Times are Unix milliseconds, durations milliseconds. */
export interface Result {
  version: 1;
  scenario: string;
  summary: string;
  stack: string;
  verdict: Verdict;
  /** Why, in sentences: each bound that was broken, each thing that could not be known. Empty for pass. */
  reasons: string[];
  /** It is unknown for nothing but outages that were longer than allowed by what the machine stood still: it shows
   *  nothing, and may be made again. Absent otherwise. */
  machineAlone?: true;
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
  /** Anomalies that the scenario expects of this version of the software, seen in this run or not. */
  known?: KnownResult[];
  /** Longest outage that the configuration allows for each fault and workload, beside what was measured. */
  budgets?: BudgetResult[];
  /** Settings of the stack that the scenario asked for. */
  settings?: Record<string, string>;
  /** What members said around each fault. */
  logs?: MemberLog[];
  /** Health of members over time, as the runner saw it: changes only. */
  members: {member: string; component: string; zone: string; states: {at: number; state: string; healthy: boolean}[]}[];
  /** When the machine itself stood still; absent where nobody could look. */
  standstills?: Standstill[];
  /** Processes that ended, started again or not, though no fault hit their member. Absent where nobody could look, and
   *  where a fault changed the stack. */
  restarts?: {member: string; process: string}[];
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
  /** Delivered after something that was written later, for whatever reason. What nothing explains is a finding
   *  besides. */
  outOfOrder?: number;
  /** Not acknowledged, yet there (unknown operations that landed). */
  recovered?: number;
  /** Longest time any client went without an acknowledged operation. */
  longestOutageMs: number;
  outages: {client: number; from: number; to: number; ms: number; errors: Record<string, number>}[];
  latencyMs: {p50: number; p99: number; max: number};
  /** How the client itself fared: whether it may be the bottleneck. */
  client?: ClientFigures & {
    /** 99th percentile of how late operations were sent after they were due, milliseconds. */
    lateMs: number;
  };
  /** Operations by route and outcome, and by who answered, for HTTP. */
  routes?: Record<string, {ok: number; failed: number; unknown: number; errors: Record<string, number>}>;
  servers?: Record<string, number>;
  /** Share of reads that hit, 0 to 1, for caches. */
  hitRate?: number;
  errors: Record<string, number>;
  /** What the checker found wrong, each with the shortest history that shows it. Absent in reports of earlier
   *  versions. */
  findings?: Finding[];
  /** What a reader of the figures should know, in sentences. */
  notes?: string[];
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
  /** What it took besides its target. Absent where it took nothing, and in reports of earlier versions. */
  params?: Readonly<Record<string, unknown>>;
  /** Members that were hit. */
  members: string[];
  injected: number;
  /** When it was seen from outside that it took effect; absent: not shown, and the verdict is unknown. */
  confirmed?: number;
  /** When its healing began. */
  healing?: number;
  healed?: number;
  /** How long it should last, and how long it did: from its effect until the members were no longer affected. Absent
   *  where it ends by itself. */
  forMs?: number;
  lastedMs?: number;
  /** From the first to the last process that it ended, where it ends those of more than one member. Over 5 ms they did
   *  not end in one instant. */
  spreadMs?: number;
  /** How it was seen. */
  evidence?: string;
}

/** How far from what was asked a fault may last: a fifth, or 100 ms where that is more. */
export const toleranceMs = (forMs: number): number => Math.max(forMs * 0.2, 100);

/** Whether it lasted as long as was asked; also where nothing was. */
export function lastedAsAsked({forMs, lastedMs}: Pick<FaultResult, "forMs" | "lastedMs">): boolean {
  return forMs === undefined || lastedMs === undefined || Math.abs(lastedMs - forMs) <= toleranceMs(forMs);
}

export interface BoundResult {
  /** `outage rows`, `lost rows`, `recovered`. */
  bound: string;
  limit: number;
  measured?: number;
  /** For an outage over its limit: how long it was without what the machine stood still of it; for errors: how many
   *  there were at other times. Absent where it did not stand still. */
  apart?: number;
  unit: "ms" | "count" | "ratio";
  verdict: Verdict;
}

/** The worse of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  const order: Verdict[] = ["pass", "unknown", "fail"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
}

/** One anomaly that a checker found. */
export interface Finding {
  /** Its class: `G0`, `G1a`, `G1c`, `G-single`, `lost-update`, `total-drift`, `stale-read`, `order`, `stranger`,
   *  `wrong-value`. */
  anomaly: string;
  /** A sentence for people: what was seen, and what should have been. */
  text: string;
  /** The shortest history that shows it, in the order of its reasoning. */
  operations: Operation[];
}

/** An anomaly that this version of the software is known to have. */
export interface KnownResult {
  workload: string;
  /** Class of a finding, or a counted one: `lost`, `duplicates`. */
  anomaly: string;
  because: string;
  /** How often it was seen; 0: this run no longer shows it. Absent: it could not be looked for. */
  measured?: number;
}

/** One term of a budget: `advert interval x 3`, 150 ms. */
export interface BudgetTerm {
  name: string;
  ms: number;
  /** It may as well be nothing, as the wait for a check that has its turn every 200 ms. */
  upTo?: boolean;
}

/** The longest outage that a client may see, as the rendered configuration makes it. */
export interface BudgetResult {
  workload: string;
  /** What was asked for: `kill galera writer`; or `return after pause galera reader`, where the return of the member
   *  has a budget of its own. */
  fault: string;
  ms: number;
  terms: BudgetTerm[];
  /** Longest outage of the workload from the fault until the next. Where the return has a budget of its own, outages
   *  are cut at the healing, and each has what lies on its side. */
  measured?: number;
  /** Longest outage of the workload before the first fault: what the machine takes by itself. */
  before?: number;
  /** Longest outage of the workload that lasted or began after the fault was healed, until the next fault: what the
   *  return costs. Absent where the fault was not healed, or where the return has a budget of its own. */
  afterHeal?: number;
  /** For an outage over the budget: how long it was without what the machine stood still of it. Absent where it did
   *  not. */
  apart?: number;
}

/** A measured outage against what is allowed. One that is longer only by what the machine itself stood still proves
 *  nothing, either way. */
export function outageVerdict(
  {measured, apart = Infinity}: {measured?: number; apart?: number},
  limit: number,
): Verdict {
  if (measured === undefined) return "unknown";
  return measured <= limit ? "pass" : apart <= limit ? "unknown" : "fail";
}

/** Lines that one process of a member wrote around a fault and around its healing. */
export interface MemberLog {
  /** Index in `faults`. */
  fault: number;
  member: string;
  process: string;
  /** `at`: Unix milliseconds, absent where the platform does not know it. Values of the stack's secrets are taken
   *  out. */
  lines: {at?: number; text: string}[];
  /** How many more there were and are left out; absent when none are. */
  more?: number;
}
