import {monitorEventLoopDelay} from "node:perf_hooks";
import type {Operation, Unsent} from "../../lib/history.ts";
import type {WorkloadEvent, WorkloadOrder} from "../../lib/workload.ts";
import type {Program} from "./contract.ts";
import {Pace} from "./pace.ts";
import {now} from "./time.ts";

const reportEveryMs = 150;
/** A client that stood still for this long itself makes outages that the stack has no part in. */
const stallWorthNoting = 100;

/** The load of all clients, from its start until {@link stop} or `maxMs`: records operations and sends them off in
 *  batches. */
export class Load {
  /** Values whose operation was acknowledged. */
  readonly acknowledged = new Set<string>();
  readonly #order: WorkloadOrder;
  readonly #paces: Pace[];
  readonly #emit: (event: WorkloadEvent) => void;
  #batch: Operation[] = [];
  #unsent: Unsent[] = [];
  #stoppedAt: number | undefined;

  constructor(order: WorkloadOrder, program: Program, emit: (event: WorkloadEvent) => void) {
    this.#order = order;
    this.#emit = emit;
    const record = (operation: Operation) => {
      this.#batch.push(operation);
      if (operation.outcome === "ok" && typeof operation.value === "string") this.acknowledged.add(operation.value);
    };
    const giveUp = (run: Unsent) => this.#unsent.push(run);
    this.#paces = Array.from({length: order.clients}, (_, number) => new Pace(order, program, number, record, giveUp));
  }

  /** Runs to the end of the load and says so. */
  async run(): Promise<void> {
    await Promise.all(this.#paces.map(pace => pace.warm()));
    const stalls = monitorEventLoopDelay({resolution: 20});
    stalls.enable();
    const cpu = process.cpuUsage();
    const from = now() + 20;
    const end = from + this.#order.maxMs;
    const reports = setInterval(() => this.#flush(), reportEveryMs);
    await Promise.all(this.#paces.map(pace => pace.run(from, end)));
    clearInterval(reports);
    this.#flush();
    const stall = Math.round(stalls.max / 1e6);
    stalls.disable();
    const {user, system} = process.cpuUsage(cpu);
    if (stall > stallWorthNoting) {
      this.#emit({
        event: "note",
        message: `The client itself stood still for ${stall} ms once: an outage of that length may be its own.`,
      });
    }
    const notSent = this.#paces.reduce((sum, pace) => sum + pace.notSent, 0);
    const cpuShare = Math.round(((user + system) / 1000 / Math.max(1, now() - from)) * 1000) / 1000;
    const client = {cpuShare, longestStallMs: stall};
    this.#emit({event: "stopped", from, to: Math.min(this.#stoppedAt ?? end, end), notSent, client});
  }

  stop(): void {
    this.#stoppedAt ??= now();
    for (const pace of this.#paces) pace.stop();
  }

  #flush(): void {
    const [operations, unsent] = [this.#batch, this.#unsent];
    if (operations.length + unsent.length === 0) return;
    [this.#batch, this.#unsent] = [[], []];
    this.#emit({event: "operations", operations, ...(unsent.length > 0 ? {unsent} : {})});
  }
}
