import type {Finding} from "../../result.ts";
import type {Cycle, CycleClass} from "./cycles.ts";
import type {Edge, Graph} from "./graph.ts";
import {operationFor, type Transaction} from "./transactions.ts";
import type {Versions} from "./versions.ts";

const meaning: Record<CycleClass, string> = {
  G0: "transactions overwrote each other in both directions",
  G1c: "transactions saw each other's writes in a circle",
  "lost-update": "a write was made from a version that another transaction had replaced meanwhile",
  "G-single": "a transaction saw one part of the data before another transaction and another part after it",
  G2: "transactions each read what another one of them replaced",
};

/** A cycle as a finding: its transactions in order, then the reads that show in which order values were appended. */
export function explain({anomaly, nodes}: Cycle, graph: Graph, versions: Versions): Finding {
  const transactions = nodes.map(node => graph.transactions[node]!);
  const edges = nodes.map((node, i) => graph.next[node]!.get(nodes[(i + 1) % nodes.length]!)!);
  const name = (i: number) => `T${(i % nodes.length) + 1}`;
  const steps = edges.map((edge, i) => sentence(edge, name(i), name(i + 1), versions));
  const witnesses = witnessesOf(edges, transactions, versions);
  const keys = new Set(edges.map(edge => edge.key));
  const shown = witnesses.length > 0 ? ` The last ${words(witnesses.length)} the order of the appends.` : "";
  return {
    anomaly,
    text: `${capital(meaning[anomaly])}: ${steps.join("; ")}. So each comes before the other.${shown}`,
    operations: [...transactions, ...witnesses].map(transaction => operationFor(transaction, keys)),
  };
}

function sentence({kind, key, at, value}: Edge, from: string, to: string, {keys}: Versions): string {
  const {order} = keys.get(key)!;
  if (kind === "wr") return `${to} read ${value}, which ${from} had appended to key ${key} (wr)`;
  const before = at === 0 ? "nothing" : String(order[at - 1]);
  if (kind === "ww") return `${from} appended ${before} to key ${key} and ${to} put ${value} after it (ww)`;
  return `${from} read key ${key} when it ended with ${before}, and ${to} appended ${value} after that (rw)`;
}

/** The shortest reads that have both appends of an edge, where no transaction of the cycle has one itself. */
function witnessesOf(edges: readonly Edge[], cycle: readonly Transaction[], {keys}: Versions): Transaction[] {
  const chosen = new Set<Transaction>();
  for (const {kind, key, at} of edges) {
    if (kind === "wr") continue;
    const fitting = keys.get(key)!.reads.filter(read => read.list.length > at);
    if (fitting.some(read => cycle.includes(read.transaction) || chosen.has(read.transaction))) continue;
    if (fitting[0]) chosen.add(fitting[0].transaction);
  }
  return [...chosen];
}

const words = (count: number) => (count === 1 ? "operation shows" : `${count} operations show`);
const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
