import type {Finding} from "../../result.ts";
import {type Read, Seen, type Writer} from "./seen.ts";
import {type FinalLists, operationFor, type Transaction} from "./transactions.ts";

/** Classes of what single reads show. */
export const readClasses = [
  "internal",
  "future-read",
  "own-order",
  "duplicate-element",
  "stranger",
  "G1a",
  "G1b",
  "incompatible-order",
  "vanished",
] as const;

/** What is known of one key. */
export interface KeyVersions {
  /** Values in the order in which they were appended: the longest read. */
  order: readonly number[];
  /** Appends that happened and that no read has, where there is no final read which ought to have them: each came after
   *  the longest read. Among themselves they have no known order, and any will do. */
  unread: readonly number[];
  /** Reads of this key that are prefixes of it, shortest first. */
  reads: readonly Read[];
  writers: ReadonlyMap<number, Writer>;
}

export interface Versions {
  keys: ReadonlyMap<number, KeyVersions>;
  /** What is wrong with single reads, before any cycle is looked for. */
  findings: Finding[];
}

/** Orders the versions of every key by its longest read, and finds what single reads show: values of nobody, twice, of
 *  transactions that failed (G1a) or were not at their end (G1b), reads that disagree with their own transaction or
 *  have what it appended only later, appends of one transaction in the wrong order, reads that are no prefixes of each
 *  other, and appends that are gone of a transaction that was seen to happen. */
export function versionsOf(transactions: readonly Transaction[], final?: FinalLists): Versions {
  const writers = writersOf(transactions);
  const notes = new Notes();
  const reads = new Map<number, Read[]>();
  const seen = new Seen();
  for (const transaction of transactions) {
    if (transaction.outcome !== "ok") continue;
    for (const read of readsOf(transaction, notes)) {
      const own = writers.get(read.key) ?? new Map<number, Writer>();
      seen.add(read, own);
      if (!inspect(read, own, notes)) continue;
      const all = reads.get(read.key);
      if (all) all.push(read);
      else reads.set(read.key, [read]);
    }
  }
  const keys = new Map<number, KeyVersions>();
  if (final) vanished(transactions, final, seen, notes);
  for (const [key, all] of reads) {
    const own = writers.get(key) ?? new Map<number, Writer>();
    const unread = final
      ? []
      : [...own.keys()].filter(value => !seen.has(key, value) && seen.happened(own.get(value)!));
    keys.set(key, {...ordered(key, all, own, notes), unread});
  }
  return {keys, findings: notes.findings};
}

/** One finding for each thing that is wrong, however many reads show it: the first that does. */
class Notes {
  readonly findings: Finding[] = [];
  readonly #seen = new Set<string>();

  add(
    anomaly: (typeof readClasses)[number],
    key: number,
    about: string,
    text: string,
    ...transactions: Transaction[]
  ): void {
    this.addOf(anomaly, new Set([key]), `${key} ${about}`, text, transactions);
  }

  addOf(
    anomaly: (typeof readClasses)[number],
    keys: ReadonlySet<number>,
    about: string,
    text: string,
    transactions: readonly Transaction[],
  ): void {
    const id = `${anomaly} ${about}`;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const operations = [...new Set(transactions)].map(t => operationFor(t, keys));
    this.findings.push({anomaly, text, operations});
  }
}

function writersOf(transactions: readonly Transaction[]): Map<number, Map<number, Writer>> {
  const writers = new Map<number, Map<number, Writer>>();
  for (const transaction of transactions) {
    const last = new Map<number, Writer>();
    for (const [kind, key, value] of transaction.steps) {
      if (kind !== "append") continue;
      const before = last.get(key);
      if (before) before.last = false;
      const writer = {transaction, place: before ? before.place + 1 : 0, last: true};
      last.set(key, writer);
      const own = writers.get(key) ?? new Map<number, Writer>();
      writers.set(key, own.set(value as number, writer));
    }
  }
  return writers;
}

/** The reads of a transaction, each held against what it must show of the transaction's own earlier steps. */
function readsOf(transaction: Transaction, notes: Notes): Read[] {
  const reads: Read[] = [];
  /** What the next read of a key must be, or must end with while it was not read yet. */
  const expected = new Map<number, {list: number[]; whole: boolean}>();
  for (const [i, [kind, key, what]] of transaction.steps.entries()) {
    const before = expected.get(key) ?? {list: [], whole: false};
    if (kind === "append") {
      expected.set(key, {...before, list: [...before.list, what as number]});
    } else if (Array.isArray(what)) {
      const list = what as number[];
      const tail = before.whole ? list : list.slice(Math.max(0, list.length - before.list.length));
      const later = transaction.steps.slice(i).find(s => s[0] === "append" && s[1] === key && list.includes(s[2]));
      const sound = !later && same(tail, before.list);
      if (later) {
        const text = `Client ${transaction.operation.client} read ${show(list)} from key ${key} in step ${i + 1} of a transaction, which appended ${later[2]} to it only afterwards.`;
        notes.add("future-read", key, `${later[2]}`, text, transaction);
      } else if (!sound) {
        const should = `${before.whole ? "be" : "end with"} ${show(before.list)}`;
        const text = `Client ${transaction.operation.client} read ${show(list)} from key ${key} in step ${i + 1} of a transaction; by its own earlier steps that had to ${should}.`;
        notes.add("internal", key, `${transaction.operation.client} ${transaction.operation.sent}`, text, transaction);
      }
      reads.push({transaction, key, list, sound});
      expected.set(key, {list: [...list], whole: true});
    }
  }
  return reads;
}

/** Whether a read can be used for the order of versions. */
function inspect(read: Read, writers: ReadonlyMap<number, Writer>, notes: Notes): boolean {
  const {transaction, key, list} = read;
  let usable = true;
  const seen = new Set<number>();
  /** Of each transaction, the last of its appends that the list has so far. */
  const places = new Map<Transaction, {value: number; place: number}>();
  for (const value of list) {
    const writer = writers.get(value);
    if (seen.has(value)) {
      const text = `${value} is in the list of key ${key} more than once; it was appended once.`;
      notes.add("duplicate-element", key, `${value}`, text, ...(writer ? [writer.transaction] : []), transaction);
      usable = false;
    }
    seen.add(value);
    if (!writer) {
      notes.add(
        "stranger",
        key,
        `${value}`,
        `${value} is in the list of key ${key}, and nobody appended it.`,
        transaction,
      );
      usable = false;
    } else if (writer.transaction.outcome === "failed") {
      const text = `${value} was read from key ${key}; the transaction that appended it had failed (${writer.transaction.operation.error ?? "no class"}).`;
      notes.add("G1a", key, `${value}`, text, writer.transaction, transaction);
      usable = false;
    }
    if (!writer) continue;
    const before = places.get(writer.transaction);
    if (before && before.place > writer.place) {
      const text = `${value} stands after ${before.value} in the list of key ${key}; the transaction that appended both appended it first.`;
      notes.add("own-order", key, `${value} ${before.value}`, text, writer.transaction, transaction);
      usable = false;
    }
    places.set(writer.transaction, {value, place: writer.place});
  }
  const end = list.at(-1);
  const writer = end === undefined ? undefined : writers.get(end);
  if (usable && writer && !writer.last && writer.transaction !== transaction) {
    const text = `A read of key ${key} ended with ${end}, which is not the last that its transaction appended there: it saw the middle of a transaction.`;
    notes.add(
      "G1b",
      key,
      `${transaction.operation.client} ${transaction.operation.sent}`,
      text,
      writer.transaction,
      transaction,
    );
    read.sound = false;
  }
  return usable;
}

/** Appends that the final read lacks though their transaction happened: somebody read one of its appends, or the final
 *  read has another. Those of transactions that were acknowledged are counted as lost instead. */
function vanished(transactions: readonly Transaction[], final: FinalLists, seen: Seen, notes: Notes): void {
  for (const transaction of transactions) {
    const witness = transaction.outcome === "unknown" ? seen.witness(transaction) : undefined;
    if (!witness) continue;
    for (const [kind, key, value] of transaction.steps) {
      if (kind !== "append" || final.get(key)?.includes(value as number)) continue;
      const text = `${value} is not in the list of key ${key} in the end; the transaction that appended it did not hear how it ended, and it happened: what it appended was read.`;
      notes.addOf("vanished", new Set(transaction.steps.map(step => step[1])), `${key} ${value}`, text, [
        transaction,
        witness,
      ]);
    }
  }
}

/** The longest read is the order. A read that is no prefix of it is left out. */
function ordered(
  key: number,
  all: readonly Read[],
  writers: ReadonlyMap<number, Writer>,
  notes: Notes,
): Omit<KeyVersions, "unread"> {
  const longest = all.reduce((best, read) => (read.list.length > best.list.length ? read : best));
  const reads = all.filter(read => {
    const at = read.list.findIndex((value, i) => value !== longest.list[i]);
    if (at === -1) return true;
    const text = `Key ${key} was read as ${show(read.list)} and as ${show(longest.list)}: they part at place ${at + 1}, and neither is how the other began.`;
    const appended = [read, longest].map(({list}) => writers.get(list[at]!)!.transaction);
    notes.add("incompatible-order", key, "", text, ...appended, read.transaction, longest.transaction);
    return false;
  });
  return {order: longest.list, reads: reads.sort((a, b) => a.list.length - b.list.length), writers};
}

const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** A list for people: its end, where it is long. */
export function show(list: readonly number[]): string {
  const end = list.slice(-6).join(", ");
  return list.length > 6 ? `[..., ${end}] (${list.length})` : `[${end}]`;
}
