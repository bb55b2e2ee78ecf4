import type {Operation, Outcome} from "../../lib/history.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";

/** How one operation ended, before the schedule's part is added. Times default to when it was sent and when it
 *  returned. */
export type Ended = Pick<Operation, "kind" | "outcome" | "value" | "data" | "error"> &
  Partial<Pick<Operation, "sent" | "done">>;

/** One client: its own connection, which it opens when it is told to and never by itself. */
export interface Client {
  /** Operations that may be under way at once. */
  readonly window: number;
  readonly open: boolean;
  /** Opens the connection. Nothing of an operation has been sent when it rejects. */
  connect(): Promise<void>;
  /** Does operation number `n` of this client; several entries where one operation takes several steps. Rejects when it
   *  did not succeed. */
  perform(n: number): Promise<Ended | Ended[]>;
  /** Cuts the connection without a word to the server. */
  destroy(): void;
}

/** What a workload does in the container. */
export interface Program {
  /** Kind that an operation is recorded as when it did not get to an end of its own. */
  readonly kind: string;
  /** Longest time for an operation of several steps, in milliseconds. Default: the order's `timeoutMs`. */
  readonly limitMs?: number;
  /** What the operation writes, where it is checked later. */
  value?(client: number, n: number): string;
  /** What else is recorded of an operation that did not get to an end of its own: the appends of a transaction. */
  data?(client: number, n: number): unknown;
  /** Makes what the load needs: a table, a queue. May be called again after it rejected. */
  prepare(): Promise<void>;
  client(number: number): Client;
  /** Outcome and short class of an error of `perform`; a limit that passed has the class `timeout`. */
  classify(error: unknown): {outcome: Outcome; error: string};
  /** The final read: emits every value that is there. Rejects when it cannot be complete by the deadline (Unix
   *  milliseconds). `acknowledged` are the values that should be there. */
  read?(deadline: number, acknowledged: ReadonlySet<string>): Promise<(string | number)[]>;
  /** Removes what `prepare` made, as far as that works. */
  clean(): Promise<void>;
}

export type MakeProgram = (order: WorkloadOrder) => Program;
