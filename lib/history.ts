/** How an operation ended. `unknown`: it may have landed (the connection was cut, or no answer came in time). */
export type Outcome = "ok" | "failed" | "unknown";

/** One operation of a workload client, as recorded. */
export interface Operation {
  /** Number of the client, from 0. */
  client: number;
  /** What was done: `append`, `publish`, `get`. */
  kind: string;
  /** When it was due by the open-loop schedule, Unix time in milliseconds with fraction. */
  due: number;
  /** When it was really sent; the difference to `due` is the client's own delay. */
  sent: number;
  /** When its outcome was known. */
  done: number;
  outcome: Outcome;
  /** What was written or read, where the checker needs it. */
  value?: string | number;
  /** What else the checker needs, as JSON: the reads and writes of a transaction, the route of a request. */
  data?: unknown;
  /** Short class of the error: `1213`, `ECONNRESET`, `timeout`. */
  error?: string;
}

/** Slots of one client's schedule, one after the other, that were given up together. */
export interface Unsent {
  client: number;
  /** How many. */
  slots: number;
  /** When the first and the last were due; those between are evenly spaced. */
  first: number;
  last: number;
  /** When they were given up: the client was free again, or the load ended. */
  at: number;
}

/** Whether the client may be what the figures show. */
export interface ClientFigures {
  /** Processor time over the length of the load: 1 is one core. */
  cpuShare: number;
  /** Longest time that its event loop stood still, in milliseconds. */
  longestStallMs: number;
}

/** What one workload left behind: its operations, and what was there at the final read. */
export interface History {
  workload: string;
  clients: number;
  operations: Operation[];
  /** Values found at the final read; undefined when that read did not succeed (the verdict is unknown then). */
  finalRead?: (string | number)[];
  /** Why there is no final read, or why the client ended early. */
  trouble?: string;
  /** When the first operation was due and when the load ended, Unix milliseconds. Absent when the load never began or
   *  ended. */
  from?: number;
  to?: number;
  /** Slots of the schedule that were given up because their client was busy for too long (see the option `backlog`). */
  notSent?: number;
  /** When those slots were due and when they were given up: what they waited counts as latency. */
  unsent?: Unsent[];
  /** Options of the workload, defaults filled in: what its checker has to know. */
  options?: Record<string, string | number | boolean>;
  /** How the client itself fared during the load. */
  client?: ClientFigures;
  /** What a reader of the figures should know: the client itself stood still for 400 ms. */
  notes?: string[];
}
