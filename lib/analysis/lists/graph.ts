import type {Transaction} from "./transactions.ts";
import type {KeyVersions, Versions} from "./versions.ts";

/** Why one transaction comes before another: it appended before it (ww), the other read its append (wr), or it read what was there
 *  before the other's append (rw). */
export type Dependency = "ww" | "wr" | "rw";

export interface Edge {
  kind: Dependency;
  key: number;
  /** Place in the order of the key: of the later append (ww, rw), or of the append that was read (wr). */
  at: number;
}

/** What must come before what. Nodes are numbers of `transactions`. */
export interface Graph {
  transactions: readonly Transaction[];
  /** Of each node, whom it comes before, and why. */
  next: readonly Map<number, Edge>[];
}

const strength: Record<Dependency, number> = {ww: 0, wr: 1, rw: 2};

/** Draws the edges that the versions show. Between two transactions in one direction the strongest is kept (ww before wr before rw): it gives
 *  the strongest class to every cycle through it. */
export function graphOf(transactions: readonly Transaction[], {keys}: Versions): Graph {
  const number = new Map(transactions.map((transaction, i) => [transaction, i]));
  const next = transactions.map(() => new Map<number, Edge>());
  const draw = (from: Transaction, to: Transaction, edge: Edge) => {
    if (from === to) return;
    const own = next[number.get(from)!]!;
    const other = number.get(to)!;
    const known = own.get(other);
    if (!known || strength[edge.kind] < strength[known.kind]) own.set(other, edge);
  };
  for (const [key, versions] of keys) drawKey(key, versions, draw);
  return {transactions, next};
}

function drawKey(
  key: number,
  {order, reads, writers}: KeyVersions,
  draw: (from: Transaction, to: Transaction, edge: Edge) => void,
): void {
  const writer = (at: number) => writers.get(order[at]!)!.transaction;
  for (let at = 1; at < order.length; at++) draw(writer(at - 1), writer(at), {kind: "ww", key, at});
  for (const {transaction, list, sound} of reads) {
    if (!sound) continue;
    const end = list.length;
    if (end > 0) draw(writer(end - 1), transaction, {kind: "wr", key, at: end - 1});
    if (end < order.length) draw(transaction, writer(end), {kind: "rw", key, at: end});
  }
}
