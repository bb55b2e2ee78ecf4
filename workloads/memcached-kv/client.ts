import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {dice} from "../client/random.ts";
import {classOf, now, TimeoutError} from "../client/time.ts";
import {Pool} from "./pool.ts";

/** Reads random keys and sets what it misses. Every client has its own pool, so each learns of a dead server by
 *  itself. */
export function memcachedKv(order: WorkloadOrder): Program {
  const servers = order.target.servers ?? [`${order.target.address}:${order.target.port}`];
  const prefix = `hf:${order.run}:${order.name}:`;
  const bytes = Number(order.options.bytes ?? 100);
  const keys = Array.from({length: Number(order.options.keys ?? 500)}, (_, i) => `${prefix}${i}`);
  const pool = () =>
    new Pool(servers, {
      timeoutMs: order.timeoutMs,
      connectTimeoutMs: Number(order.options.connectTimeout ?? 250),
      ejectMs: Number(order.options.eject ?? 2000),
    });
  const content = (key: string) => key.padEnd(bytes, ".");
  return {
    kind: "get",
    // A read and a write, each perhaps with a connection to open; the pool limits each step.
    limitMs: 4 * order.timeoutMs + 1000,
    async prepare() {
      if (!order.options.warm) return;
      const warming = pool();
      for (const key of keys) await warming.set(key, content(key));
      warming.destroy();
    },
    client: number => new Reader(pool(), keys, content, order.seed + number),
    classify: error => ({outcome: "failed", error: classOf(error)}),
    clean: async () => {},
  };
}

class Reader implements Client {
  readonly window = 1;
  /** The pool opens connections as keys need them, and an operation that finds none has failed. */
  readonly open = true;
  readonly #pool: Pool;
  readonly #keys: string[];
  readonly #content: (key: string) => string;
  readonly #next: () => number;

  constructor(pool: Pool, keys: string[], content: (key: string) => string, seed: number) {
    this.#pool = pool;
    this.#keys = keys;
    this.#content = content;
    this.#next = dice(seed);
  }

  async connect(): Promise<void> {}

  async perform(): Promise<Ended[]> {
    const key = this.#keys[this.#next() % this.#keys.length]!;
    const found = await this.#pool.get(key);
    const done = now();
    if (found === this.#content(key)) return [{kind: "get-hit", outcome: "ok", done}];
    if (found !== undefined) return [{kind: "get", outcome: "failed", error: "wrong-value", done}];
    return [{kind: "get-miss", outcome: "ok", done}, await this.#set(key, done)];
  }

  async #set(key: string, sent: number): Promise<Ended> {
    try {
      await this.#pool.set(key, this.#content(key));
      return {kind: "set", outcome: "ok", sent};
    } catch (error) {
      const outcome = error instanceof TimeoutError || classOf(error) === "closed" ? "unknown" : "failed";
      return {kind: "set", outcome, error: classOf(error), sent};
    }
  }

  destroy(): void {
    this.#pool.destroy();
  }
}
