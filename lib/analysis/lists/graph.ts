import type {Transaction} from "./transactions.ts";
import type {KeyVersions, Versions} from "./versions.ts";

/** Why one transaction comes before another: it appended before it (ww), the other read its append (wr), or it read
 *  what was there before the other's append (rw). */
export type Dependency = "ww" | "wr" | "rw";

export interface Edge {
  kind: Dependency;
  key: number;
  /** Place in the order of the key: of the later append (ww, rw), or of the append that was read (wr). The end of the
   *  order where nobody read it. */
  at: number;
  /** What was appended there. */
  value: number;
}

/** What must come before what. Nodes are numbers of `transactions`. */
export interface Graph {
  transactions: readonly Transaction[];
  /** Of each node, whom it comes before, and why. */
  next: readonly Map<number, Edge>[];
}

const strength: Record<Dependency, number> = {ww: 0, wr: 1, rw: 2};

/** Draws the edges that the versions show. Between two transactions in one direction the strongest is kept (ww before
 *  wr before rw): it gives the strongest class to every cycle through it. */
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
  {order, unread, reads, writers}: KeyVersions,
  draw: (from: Transaction, to: Transaction, edge: Edge) => void,
): void {
  const whole = order.length;
  const edge = (kind: Dependency, at: number, value = order[at]!): Edge => ({kind, key, at, value});
  const writer = (value: number) => writers.get(value)!.transaction;
  for (let at = 1; at < whole; at++) draw(writer(order[at - 1]!), writer(order[at]!), edge("ww", at));
  for (const value of whole > 0 ? unread : []) draw(writer(order[whole - 1]!), writer(value), edge("ww", whole, value));
  for (const {transaction, list, sound} of reads) {
    if (!sound) continue;
    const end = list.length;
    if (end > 0) draw(writer(order[end - 1]!), transaction, edge("wr", end - 1));
    if (end < whole) draw(transaction, writer(order[end]!), edge("rw", end));
    else for (const value of unread) draw(transaction, writer(value), edge("rw", end, value));
  }
}
