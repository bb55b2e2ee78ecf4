import type {History} from "../../history.ts";
import type {Finding} from "../../result.ts";
import type {Check} from "../check.ts";
import {cycleClasses, cyclesOf} from "./cycles.ts";
import {explain} from "./explain.ts";
import {graphOf} from "./graph.ts";
import {type Transaction, transactionsOf} from "./transactions.ts";
import {readClasses, versionsOf} from "./versions.ts";

/** Every class that {@link checkLists} tells. */
export const listClasses: readonly string[] = [...readClasses, ...cycleClasses];

/** This many findings of one class are told, the shortest; a note says how many there are. */
const mostTold = 10;

/** The list-append checker, after the ideas of Elle (Kingsbury and Alvaro, 2020): appends to lists tell the order of
 *  versions, so what depends on what is known rather than guessed, and a cycle among dependencies is an anomaly.
 *  `allowed` are classes that the isolation level permits: they are counted in a note. */
export function checkLists(history: History, allowed: readonly string[] = []): Check {
  const {transactions, final} = transactionsOf(history);
  const versions = versionsOf(transactions, final);
  const graph = graphOf(transactions, versions);
  const cycles = cyclesOf(graph);
  const classes = Map.groupBy(
    [
      ...versions.findings,
      ...cycles.map(cycle => ({anomaly: cycle.anomaly, tell: () => explain(cycle, graph, versions)})),
    ],
    finding => finding.anomaly,
  );
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const [anomaly, all] of classes) {
    if (allowed.includes(anomaly)) {
      notes.push(`${anomaly} was found ${all.length} times, which the isolation level allows.`);
      continue;
    }
    if (all.length > mostTold)
      notes.push(`${anomaly} was found ${all.length} times; the ${mostTold} shortest are told.`);
    findings.push(...all.slice(0, mostTold).map(one => ("tell" in one ? one.tell() : one)));
  }
  const looked = `${transactions.length} transactions over ${versions.keys.size} keys were searched for cycles.`;
  if (!final)
    return {
      findings,
      notes: [looked, ...notes, `There was no final read: ${history.trouble ?? "the client gave no reason"}.`],
    };
  return {...lostAppends(transactions, final), findings, notes: [looked, ...notes]};
}

/** Appends that were acknowledged and are not in the final read, and those that were not and are. */
function lostAppends(
  transactions: readonly Transaction[],
  final: ReadonlyMap<number, readonly number[]>,
): {lost: number; recovered: number} {
  const there = new Map([...final].map(([key, list]) => [key, new Set(list)]));
  let [lost, recovered] = [0, 0];
  for (const {outcome, steps} of transactions) {
    for (const [kind, key, value] of steps) {
      if (kind !== "append") continue;
      const found = there.get(key)?.has(value as number) ?? false;
      if (outcome === "ok" && !found) lost++;
      if (outcome !== "ok" && found) recovered++;
    }
  }
  return {lost, recovered};
}
