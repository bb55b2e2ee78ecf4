import fc from "fast-check";
import {type ListStep, listKind} from "../lib/analysis/lists/transactions.ts";
import type {History, Operation, Outcome} from "../lib/history.ts";

/** A step before it was done: which key, and whether it reads or appends. */
export type Intent = ["r" | "append", number];

export interface Planned {
  steps: Intent[];
  outcome: Outcome;
  /** Whether an unknown transaction happened. */
  landed: boolean;
}

export const plannedTransactions = (keys = 4, most = 40): fc.Arbitrary<Planned[]> =>
  fc.array(
    fc.record({
      steps: fc.array(fc.tuple(fc.constantFrom<"r" | "append">("r", "append"), fc.nat(keys - 1)), {
        minLength: 1,
        maxLength: 4,
      }),
      outcome: fc.constantFrom<Outcome>("ok", "ok", "ok", "failed", "unknown"),
      landed: fc.boolean(),
    }),
    {maxLength: most},
  );

let clock = 0;

export function txn(steps: ListStep[], outcome: Outcome = "ok", client = 0): Operation {
  clock++;
  return {client, kind: listKind, due: clock, sent: clock, done: clock + 0.5, outcome, data: steps};
}

/** A history with the lists that its final read finds. */
export function historyOf(operations: Operation[], final?: Map<number, number[]>): History {
  const finalRead = final && [...final].map(([key, list]) => `${key}:${list.join(",")}`);
  return {workload: "list-append", clients: 4, operations, finalRead};
}

export type Store = Map<number, number[]>;

/** Does one transaction on a store, which is changed, and returns its steps with what they read. */
export function execute(store: Store, steps: readonly Intent[], value: () => number): ListStep[] {
  return steps.map(([kind, key]): ListStep => {
    const list = store.get(key) ?? [];
    if (kind === "r") return ["r", key, [...list]];
    const appended = value();
    store.set(key, [...list, appended]);
    return ["append", key, appended];
  });
}

/** Transactions one after the other. What failed left nothing behind; what is unknown knows nothing of its reads. */
export function serial(planned: readonly Planned[]): History {
  let next = 0;
  let store: Store = new Map();
  const operations = planned.map(({steps, outcome, landed}, i) => {
    const copy: Store = new Map(store);
    const done = execute(copy, steps, () => ++next);
    if (outcome === "ok" || (outcome === "unknown" && landed)) store = copy;
    const seen = outcome === "ok" ? done : done.map((s): ListStep => (s[0] === "r" ? ["r", s[1]] : s));
    return txn(seen, outcome, i % 4);
  });
  return historyOf(operations, store);
}

/** Transactions side by side under snapshot isolation: each sees the state of its begin, and the first that commits a
 *  write to a key wins. `schedule` picks whose turn it is. */
export function snapshotIsolated(planned: readonly Planned[], schedule: readonly number[]): History {
  let next = 0;
  const store: Store = new Map();
  const changed = new Map<number, number>();
  const operations: Operation[] = [];
  const waiting = [...planned];
  const open: {began: number; view: Store; left: Intent[]; done: ListStep[]}[] = [];
  let turn = 0;
  while (waiting.length > 0 || open.length > 0) {
    const pick = schedule.length > 0 ? schedule[turn % schedule.length]! : 0;
    if (waiting.length > 0 && (open.length === 0 || (open.length < 4 && pick % 3 === 0)))
      open.push({began: ++turn, view: new Map(store), left: [...waiting.shift()!.steps], done: []});
    else if (open.length > 0) {
      const own = open[pick % open.length]!;
      const step = own.left.shift();
      if (step) own.done.push(...execute(own.view, [step], () => ++next));
      else {
        open.splice(open.indexOf(own), 1);
        const keys = own.done.filter(s => s[0] === "append").map(s => s[1]);
        const lost = keys.some(key => (changed.get(key) ?? 0) > own.began);
        operations.push(txn(own.done, lost ? "failed" : "ok", pick % 4));
        if (!lost) for (const key of keys) [store.set(key, own.view.get(key)!), changed.set(key, turn + 1)];
      }
    }
    turn++;
  }
  return historyOf(operations, store);
}

/** A store that does only what is asked of it at that moment: reads and writes of transactions mix. */
export function withoutIsolation(planned: readonly Planned[], schedule: readonly number[]): History {
  let next = 0;
  const store: Store = new Map();
  const open = planned.map(({steps}) => ({left: [...steps], done: [] as ListStep[]}));
  const all = [...open];
  for (let turn = 0; open.length > 0; turn++) {
    const own = open[(schedule[turn % schedule.length] ?? 0) % Math.min(3, open.length)]!;
    own.done.push(...execute(store, [own.left.shift()!], () => ++next));
    if (own.left.length === 0) open.splice(open.indexOf(own), 1);
  }
  return historyOf(
    all.map((own, i) => txn(own.done, "ok", i % 4)),
    store,
  );
}
