import type {ClientFigures, Operation, Unsent} from "./history.ts";
import type {EndpointProtocol} from "./topology.ts";

/** What a workload client container is told, as its file /holdfast/workload.json. */
export interface WorkloadOrder {
  /** Name in the scenario: `rows`. */
  name: string;
  /** Kind of workload: `sql-append`. */
  workload: string;
  clients: number;
  /** Operations a second over all clients. */
  rate: number;
  /** Longest time to wait for one operation, in milliseconds. */
  timeoutMs: number;
  /** The load ends by itself after this long, whatever happens, in milliseconds. */
  maxMs: number;
  seed: number;
  /** Unique per run: names the table, the queue, the key prefix. */
  run: string;
  target: {
    address: string;
    port: number;
    user?: string;
    /** File in the container that holds the password. */
    passwordFile?: string;
    database?: string;
    vhost?: string;
    servers?: string[];
    protocol?: EndpointProtocol;
  };
  /** Options of the workload's own, already checked. */
  options: Record<string, string | number | boolean>;
}

/** Lines that the runner writes to the client's standard input, one JSON document a line. */
export type WorkloadCommand = {do: "start"} | {do: "stop"} | {do: "read"; timeoutMs: number} | {do: "end"};

/** Lines that the client writes to its standard output, one JSON document a line. */
export type WorkloadEvent =
  | {event: "ready"}
  | {event: "operations"; operations: Operation[]; unsent?: Unsent[]}
  | {event: "stopped"; from: number; to: number; notSent: number; client: ClientFigures}
  | {event: "read"; values: (string | number)[]; more: boolean}
  | {event: "trouble"; message: string; fatal: boolean}
  | {event: "note"; message: string}
  | {event: "ended"};

/** Pauses of a client after one, two and more attempts to connect that failed in a row, in milliseconds. */
export const retryPausesMs = [50, 100, 200];
