/** A scenario as read from its file: checked, defaults filled in, durations in milliseconds. */
export interface Scenario {
  /** Path as it was given. */
  file: string;
  /** Subject and name, from the path: `galera/writer-killed`. */
  name: string;
  summary: string;
  stack: string;
  /** Settings of the stack, above what the user has set: value by name, as Pulumi config takes them. */
  settings: Record<string, unknown>;
  /** Why it is known to fail; it is listed so and still fails. */
  known?: string;
  /** Anomalies that this version of the software is known to have: measured, and no fail. */
  anomalies: KnownAnomaly[];
  seed?: number;
  /** Shortest time under load. */
  durationMs: number;
  load: Record<string, LoadPlan>;
  faults: FaultPlan[];
  bounds: Bounds;
  /** Line of a path in the file, for problems that are only found against the topology. */
  line(path: string): number;
}

/** An anomaly that a run may show without failing. */
export interface KnownAnomaly {
  workload: string;
  /** `lost`, `duplicates`, or a class of findings. */
  anomaly: string;
  because: string;
}

export interface LoadPlan {
  workload: string;
  endpoint: string;
  clients: number;
  /** Operations a second over all clients. */
  rate: number;
  /** Absent: the workload's own. */
  timeoutMs?: number;
  /** What the workload itself takes. */
  options: Record<string, string | number | boolean>;
}

export const faultKinds = ["kill", "crash", "stop", "pause"] as const;
export type FaultKind = (typeof faultKinds)[number];

export const picks = ["writer", "reader", "holder", "leader", "random"] as const;
export type Pick = (typeof picks)[number];

export interface FaultPlan {
  kind: FaultKind;
  /** From the begin of the load. */
  atMs: number;
  /** How long it lasts; a crash mends itself. */
  forMs: number;
  where: Where;
  /** `crash` alone: which process of the member. */
  process?: string;
}

/** One member by name or by what it does, or everything in one zone. */
export type Where =
  | {component: string; member: string}
  | {component: string; pick: Pick}
  | {zone: string}
  | {zoneOf: {component: string; pick: Pick}[]};

/** What must hold; a bound that is absent is not checked. */
export interface Bounds {
  /** Longest time any client went without an acknowledged operation, by workload. */
  outage: Record<string, number>;
  /** Acknowledged and not there at the final read, by workload. */
  lost: Record<string, number>;
  /** Operations that failed or whose outcome is unknown, by workload. */
  errors: Record<string, number>;
  /** The same, counting only operations sent after every fault was healed, by workload. */
  errorsAfterHeal: Record<string, number>;
  /** Who has these roles when the first fault is healed still has them at the end. */
  stays: {component: string; pick: Pick}[];
  /** Smallest share of reads that hit, 0 to 1, by workload. */
  hitRate: Record<string, number>;
  /** From heal until every member is healthy in its cluster. */
  recovered: number;
  /** Longest time that two members held the address, by component. */
  holders: Record<string, number>;
}

/** For people: `kill galera writer`, `pause zone b`. */
export function describeFault(fault: FaultPlan): string {
  return [fault.kind, describeWhere(fault.where), fault.process && `(${fault.process})`].filter(Boolean).join(" ");
}

function describeWhere(where: Where): string {
  if ("member" in where) return `${where.component} ${where.member}`;
  if ("pick" in where) return `${where.component} ${where.pick}`;
  if ("zone" in where) return `zone ${where.zone}`;
  return `the zone of ${where.zoneOf.map(w => `${w.component} ${w.pick}`).join(" and ")}`;
}
