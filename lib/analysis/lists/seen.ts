import type {Transaction} from "./transactions.ts";

/** A read that says something about the order of versions. */
export interface Read {
  transaction: Transaction;
  key: number;
  list: readonly number[];
  /** It follows from nothing but other transactions' commits, so edges may be drawn from it. */
  sound: boolean;
}

/** Who appended a value. `place`: how many the same transaction had appended to the key before. `last`: the last of
 *  them. */
export interface Writer {
  transaction: Transaction;
  place: number;
  last: boolean;
}

/** What reads have, whatever else is wrong with them. */
export class Seen {
  readonly #values = new Map<number, Map<number, Transaction>>();
  readonly #happened = new Map<Transaction, Transaction>();

  add({transaction, key, list}: Read, writers: ReadonlyMap<number, Writer>): void {
    const own = this.#values.get(key) ?? new Map<number, Transaction>();
    this.#values.set(key, own);
    for (const value of list) {
      if (!own.has(value)) own.set(value, transaction);
      const writer = writers.get(value)?.transaction;
      if (writer && !this.#happened.has(writer)) this.#happened.set(writer, transaction);
    }
  }

  has(key: number, value: number): boolean {
    return this.#values.get(key)?.has(value) ?? false;
  }

  /** Whether a transaction happened as far as is known. */
  happened({transaction}: Writer): boolean {
    return transaction.outcome === "ok" || (transaction.outcome === "unknown" && this.#happened.has(transaction));
  }

  /** The first transaction that read something which this one appended. */
  witness(transaction: Transaction): Transaction | undefined {
    return this.#happened.get(transaction);
  }
}
