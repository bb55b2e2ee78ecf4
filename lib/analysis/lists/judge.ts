import type {History} from "../../history.ts";
import {type ListStep, type Transaction, transactionsOf} from "./transactions.ts";

/** Whether some serial order explains a history: slow, and as near to the definition as it can be. Every transaction
 *  that was acknowledged happened, none that failed did, and each that is unknown did or did not. One after the other
 *  they act on lists that begin empty, every read returns what is there at that moment, and the final read, where there
 *  is one, finds what is there in the end. For tests: it tries all choices and orders. */
export function serialOrderExplains(history: History): boolean {
  const {transactions, final} = transactionsOf(history);
  const own = transactions.filter(t => t.operation.kind !== "final-read" && t.outcome !== "failed");
  const sure = own.filter(t => t.outcome === "ok");
  const unsure = own.filter(t => t.outcome === "unknown");
  for (let choice = 0; choice < 2 ** unsure.length; choice++) {
    const happened = [...sure, ...unsure.filter((_, i) => choice & (1 << i))];
    if (someOrder(happened, new Map(), final)) return true;
  }
  return false;
}

type Store = ReadonlyMap<number, readonly number[]>;

/** Tries every transaction that is left as the next one. */
function someOrder(left: readonly Transaction[], store: Store, final: Store | undefined): boolean {
  if (left.length === 0) return final === undefined || sameStore(store, final);
  return left.some((next, i) => {
    const after = execute(next.steps, store);
    return after !== undefined && someOrder(left.toSpliced(i, 1), after, final);
  });
}

/** The store afterwards, or undefined where a read returned something else than what was there. */
function execute(steps: readonly ListStep[], before: Store): Store | undefined {
  const store = new Map(before);
  for (const [kind, key, what] of steps) {
    const list = store.get(key) ?? [];
    if (kind === "append") store.set(key, [...list, what as number]);
    else if (what !== undefined && String(what) !== String(list)) return undefined;
  }
  return store;
}

function sameStore(a: Store, b: Store): boolean {
  return [...a.keys(), ...b.keys()].every(key => String(a.get(key) ?? []) === String(b.get(key) ?? []));
}
