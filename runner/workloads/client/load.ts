import {monitorEventLoopDelay} from "node:perf_hooks";
import type {Operation} from "../../../lib/history.ts";
import type {WorkloadEvent, WorkloadOrder} from "../../../lib/workload.ts";
import type {Program} from "./contract.ts";
import {Pace} from "./pace.ts";
import {now} from "./time.ts";

const reportEveryMs = 150;
/** A client that stood still for this long itself makes outages that the stack has no part in. */
const stallWorthNoting = 100;

/** The load of all clients, from its start until {@link stop} or `maxMs`: records operations and sends them off in batches. */
export class Load {
  /** Values whose operation was acknowledged. */
  readonly acknowledged = new Set<string>();
  readonly #order: WorkloadOrder;
  readonly #paces: Pace[];
  readonly #emit: (event: WorkloadEvent) => void;
  #batch: Operation[] = [];
  #stoppedAt: number | undefined;

  constructor(order: WorkloadOrder, program: Program, emit: (event: WorkloadEvent) => void) {
    this.#order = order;
    this.#emit = emit;
    const record = (operation: Operation) => {
      this.#batch.push(operation);
      if (operation.outcome === "ok" && typeof operation.value === "string") this.acknowledged.add(operation.value);
    };
    this.#paces = Array.from({length: order.clients}, (_, number) => new Pace(order, program, number, record));
  }

  /** Runs to the end of the load and says so. */
  async run(): Promise<void> {
    await Promise.all(this.#paces.map(pace => pace.warm()));
    const stalls = monitorEventLoopDelay({resolution: 20});
    stalls.enable();
    const from = now() + 20;
    const end = from + this.#order.maxMs;
    const reports = setInterval(() => this.#flush(), reportEveryMs);
    await Promise.all(this.#paces.map(pace => pace.run(from, end)));
    clearInterval(reports);
    this.#flush();
    const stall = Math.round(stalls.max / 1e6);
    stalls.disable();
    if (stall > stallWorthNoting) {
      this.#emit({
        event: "note",
        message: `The client itself stood still for ${stall} ms once: an outage of that length may be its own.`,
      });
    }
    const notSent = this.#paces.reduce((sum, pace) => sum + pace.notSent, 0);
    this.#emit({event: "stopped", from, to: Math.min(this.#stoppedAt ?? end, end), notSent});
  }

  stop(): void {
    this.#stoppedAt ??= now();
    for (const pace of this.#paces) pace.stop();
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#emit({event: "operations", operations: this.#batch});
    this.#batch = [];
  }
}
