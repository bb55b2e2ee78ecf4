import type {History, Operation, Outcome} from "../../history.ts";

/** One step of a transaction over lists: a read of a key with the list that it returned (absent where nothing is
 *  known), or an append of a value, which no other transaction appends to that key. */
export type ListStep =
  | readonly ["r", key: number, list?: readonly number[]]
  | readonly ["append", key: number, value: number];

/** A transaction as its client saw it. The final read of all keys is one too. */
export interface Transaction {
  operation: Operation;
  outcome: Outcome;
  steps: readonly ListStep[];
}

/** The lists that the final read found, by key. A key that is not there has an empty one. */
export type FinalLists = ReadonlyMap<number, readonly number[]>;

/** Kind under which a client records a transaction over lists. */
export const listKind = "txn";
/** The final read comes from a client of its own, whose number is one above the others'. */
const finalKind = "final-read";

/** Every transaction of a history, and the final read as the last one. */
export function transactionsOf(history: History): {
  transactions: Transaction[];
  final?: FinalLists;
} {
  const transactions = history.operations
    .filter(o => o.kind === listKind && Array.isArray(o.data))
    .map((operation): Transaction => ({operation, outcome: operation.outcome, steps: operation.data as ListStep[]}));
  if (!history.finalRead) return {transactions};
  const final = new Map(history.finalRead.map(text => parseList(String(text))));
  const at = history.to ?? Math.max(0, ...history.operations.map(o => o.done));
  const steps = [...final].map(([key, list]) => ["r", key, list] as const);
  const operation: Operation = {
    client: history.clients,
    kind: finalKind,
    due: at,
    sent: at,
    done: at,
    outcome: "ok",
    data: steps,
  };
  transactions.push({operation, outcome: "ok", steps});
  return {transactions, final};
}

/** The operation of a transaction for a finding about these keys: of the final read, which has all keys, it shows these
 *  alone. */
export function operationFor({operation, steps}: Transaction, keys: ReadonlySet<number>): Operation {
  return operation.kind === finalKind ? {...operation, data: steps.filter(([, key]) => keys.has(key))} : operation;
}

/** `7:1,2,3`: how the final read carries the list of a key. */
export function showList(key: number, list: string): string {
  return `${key}:${list}`;
}

function parseList(text: string): [number, number[]] {
  const [key, list = ""] = text.split(":");
  return [Number(key), numbersOf(list)];
}

/** `1,2,3` and `,1,2,3` alike: a list that began empty has a comma in front. */
export function numbersOf(list: string): number[] {
  return list.split(",").filter(Boolean).map(Number);
}
