import {createNode, type HashProvider, Memcache, type MemcacheNode} from "memcache";
import {TimeoutError, within} from "../client/time.ts";

export interface PoolLimits {
  /** Longest wait for an answer, in milliseconds. */
  timeoutMs: number;
  /** Longest wait for TCP, in milliseconds. */
  connectTimeoutMs: number;
  /** How long a server that failed is left alone, in milliseconds. */
  ejectMs: number;
}

/** The package's ring without its client. Its class is not exported, and its default hash (FNV-1a) puts names that
 *  differ in their last characters alone side by side, so that a server may have none of them; ketama elsewhere hashes
 *  with MD5. */
const Ring = new Memcache({nodes: []}).hash.constructor as new (algorithm: string) => HashProvider;

/** Tells which server has a key. */
export const emptyRing = (): HashProvider => new Ring("md5");

const farAway = 24 * 60 * 60_000;

/** Servers on a ketama ring, each with a connection of its own. A server that fails an operation is taken off the ring
 *  for a while, so that its keys hash to the others, and that operation rejects: the `memcache` package's own client
 *  would report a miss. */
export class Pool {
  readonly #ring = emptyRing();
  readonly #limits: PoolLimits;
  readonly #back = new Set<NodeJS.Timeout>();

  constructor(servers: readonly string[], limits: PoolLimits) {
    this.#limits = limits;
    for (const server of servers) this.#add(server);
  }

  async get(key: string): Promise<string | undefined> {
    const answer: string[] | undefined = await this.#ask(key, node => node.command(`get ${key}`, {isMultiline: true}));
    return answer?.[0];
  }

  async set(key: string, value: string): Promise<void> {
    await this.#ask(key, node => node.command(`set ${key} 0 0 ${Buffer.byteLength(value)}\r\n${value}`));
  }

  /** Cuts every connection. The pool can be used again. */
  destroy(): void {
    for (const node of this.#ring.nodes) void node.disconnect();
  }

  async #ask<T>(key: string, question: (node: MemcacheNode) => Promise<T>): Promise<T> {
    const node = this.#ring.getNodesByKey(key)[0];
    if (!node) throw Object.assign(new Error("every server is ejected"), {code: "no-server"});
    const {timeoutMs, connectTimeoutMs, ejectMs} = this.#limits;
    try {
      if (!node.isConnected()) await within(Math.min(timeoutMs, connectTimeoutMs), "the connection", node.connect());
      return await within(timeoutMs, "the answer", question(node));
    } catch (error) {
      this.#eject(node, ejectMs);
      throw named(error);
    }
  }

  #eject(node: MemcacheNode, ms: number): void {
    if (this.#ring.getNode(node.id) !== node) return;
    this.#ring.removeNode(node.id);
    void node.disconnect();
    const timer = setTimeout(() => {
      this.#back.delete(timer);
      this.#add(node.id);
    }, ms);
    this.#back.add(timer.unref());
  }

  #add(server: string): void {
    const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(server)!;
    // The package's own timeout also cuts connections that are idle; the limits here are enforced by `within`.
    this.#ring.addNode(createNode(host!, Number(port ?? 11_211), {timeout: farAway}));
  }
}

function named(error: unknown): unknown {
  if (error instanceof TimeoutError || (error as {code?: unknown}).code) return error;
  const refused = /^(SERVER_ERROR|CLIENT_ERROR|ERROR)/.exec((error as Error).message)?.[1];
  return Object.assign(error as Error, {code: refused ?? "closed"});
}
