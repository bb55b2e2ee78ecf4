/** What befalls a member, as far as others can tell:
 *  - `process killed`: one process ends without notice. The kernel closes its connections and refuses new ones.
 *  - `member killed`: every process ends. The kernel closes their connections; then nobody answers any more.
 *  - `member stopped`: every process ends in good order, and says so where it can.
 *  - `member silent`: every process is frozen. The kernel still takes connections and data, and nobody answers.
 *  - `host lost`: not a packet comes any more: no power, or the network is cut. */
export const failureKinds = [
  "process killed",
  "member killed",
  "member stopped",
  "member silent",
  "host lost",
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** A failure of one component. */
export interface Failure {
  component: string;
  kind: FailureKind;
  /** The process, where it is one alone. Default: the main one of the member. */
  process?: string;
  /** How many members at the same time. */
  members: number;
  /** The role that the member has, where that is known: one of its kind's. */
  role?: string;
}

/** How a client waits. */
export interface ClientTimings {
  /** Longest wait for an operation. */
  operationMs: number;
  /** Longest wait for TCP. */
  connectMs: number;
  /** Longest pause after an attempt to connect that failed. */
  retryMs: number;
  /** From one operation of a client to the next. */
  spacingMs: number;
  /** What is added to each way there and back, where the clients are far away. Default 0. */
  roundTripMs?: number;
  /** The kind of queue that it publishes to. Default: the one that the cluster is made for. */
  queue?: string;
}
