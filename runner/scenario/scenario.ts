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
  /** Longest time for the whole run; undefined: what its phases add up to. */
  limitMs?: number;
  /** Who takes the writes when the load begins: member by component. */
  writer: Record<string, string>;
  load: Record<string, LoadPlan>;
  faults: FaultPlan[];
  chaos?: ChaosPlan;
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
  /** More than that is a fail after all. */
  most?: number;
}

export interface LoadPlan {
  workload: string;
  endpoint: string;
  clients: number;
  /** Operations a second over all clients. */
  rate: number;
  /** Absent: the workload's own. */
  timeoutMs?: number;
  via?: Via;
  /** What the workload itself takes. */
  options: Record<string, string | number | boolean>;
}

/** A slow proxy between a workload and its endpoint. */
export interface Via {
  /** How much longer everything is on its way, in each direction. */
  latencyMs: number;
  /** At most so much more or less, at random. */
  jitterMs: number;
}

/** Name of a fault in the registry. */
export type FaultKind = string;

/** One step of a scenario: a fault, when, and how often. */
export interface FaultPlan {
  kind: FaultKind;
  /** What other steps call it. */
  name?: string;
  /** From the begin of the load, or, with `after`, from that moment. */
  atMs: number;
  after?: After;
  /** How long it lasts; one that passes by itself takes no notice. */
  forMs: number;
  where: Where;
  /** What the fault takes besides its target. */
  params: Params;
  repeat?: Repeat;
  /** It waits until no more than so many members of its component are down, those that it hits counted with them. */
  atMost?: number;
}

/** Something that another step has come to: its first injection, its last healing, or every member healthy after
 *  that. */
export interface After {
  fault: string;
  is: Moment;
}
export const moments = ["injected", "healed", "recovered"] as const;
export type Moment = (typeof moments)[number];

export interface Repeat {
  times: number;
  /** From one injection to the next, at least. */
  everyMs: number;
  /** Every member is healthy before the next. */
  settled: boolean;
}

/** Random faults at regular times; the seed of the run makes steps of it. */
export interface ChaosPlan {
  everyMs: number;
  /** From the begin of the load; what would end later is left out. */
  forMs: number;
  /** How long each lasts. */
  lastsMs: number;
  /** What may be done; `component`: to that one alone. */
  among: {kind: FaultKind; params: Params; component?: string}[];
  /** Absent: every component. */
  components?: string[];
  /** Members of a component that may be down at once; absent: as many as its quorum allows. */
  down?: number;
}

/** What a fault takes besides its target. Plain JSON, because it goes into the journal. */
export type Params = Readonly<Record<string, unknown>>;

/** Whom a fault hits. */
export type Where =
  | {component: string; member: string}
  | {component: string; pick: string}
  | {component: string; every: true}
  | {zone: string}
  | {zoneOf: {component: string; pick: string}[]}
  | {all: true};

/** What must hold; a bound that is absent is not checked. */
export interface Bounds {
  /** Longest time any client went without an acknowledged operation, by workload. `budget`: what the configuration of
   *  the stack allows. */
  outage: Record<string, number | "budget">;
  /** Acknowledged and not there at the final read, by workload. */
  lost: Record<string, number>;
  /** Operations that failed or whose outcome is unknown, by workload. */
  errors: Record<string, number>;
  /** The same, counting only operations sent after every fault was healed, by workload. */
  errorsAfterHeal: Record<string, number>;
  /** Who has these roles when the first fault is healed still has them at the end. */
  stays: {component: string; pick: string}[];
  /** Smallest share of reads that hit, 0 to 1, by workload. */
  hitRate: Record<string, number>;
  /** From heal until every member is healthy in its cluster. */
  recovered: number;
  /** Longest time that two members held the address, by component. */
  holders: Record<string, number>;
  /** Components of which two members must have been seen to hold the address. */
  twoHolders: string[];
  /** How many members the watchers may evict, by component. */
  evictions: Record<string, number>;
}
