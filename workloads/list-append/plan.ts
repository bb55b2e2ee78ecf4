import type {ListStep} from "../../lib/analysis/lists/transactions.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {dice} from "../client/random.ts";

const mostSteps = 4;
/** A transaction has 1 to 4 steps, and every second one appends. */
const appendsOfOne = ((1 + mostSteps) / 2) * 0.5;

/** What every transaction of a run does. It follows from the order alone: the same seed gives the same transactions,
 *  and what one that was cut off meant to do can be told afterwards. */
export class Plan {
  /** Numbers of keys go from 0 to this, exclusively. */
  readonly keys: number;
  readonly #order: WorkloadOrder;
  readonly #slots: number;
  readonly #writes: number;

  constructor(order: WorkloadOrder) {
    this.#order = order;
    this.#slots = Number(order.options.keys ?? 10);
    this.#writes = Number(order.options.appends ?? 64);
    this.keys =
      this.#slots * (this.#generation((order.rate * order.maxMs) / 1000 + order.clients, this.#slots - 1) + 1);
  }

  /** The steps of a client's transaction `n`; its reads have no lists yet. */
  steps(client: number, n: number): ListStep[] {
    const {seed, clients} = this.#order;
    const index = n * clients + client;
    const next = dice(seed, client, n);
    const count = 1 + (next() % mostSteps);
    return Array.from({length: count}, (_, i): ListStep => {
      const slot = next() % this.#slots;
      const key = this.#generation(index, slot) * this.#slots + slot;
      return next() % 2 === 0 ? ["r", key] : ["append", key, index * mostSteps + i + 1];
    });
  }

  /** How many keys a slot has used up when transaction `index` of the whole schedule is due. Slots change their keys
   *  one after the other. */
  #generation(index: number, slot: number): number {
    const appends = (index * appendsOfOne) / this.#slots + (slot * this.#writes) / this.#slots;
    return Math.floor(appends / this.#writes);
  }
}
