import test from "ava";
import fc from "fast-check";
import {
  execute,
  historyOf,
  type Planned,
  plannedTransactions,
  type Store,
  serial,
  snapshotIsolated,
  txn,
  withoutIsolation,
} from "../../../test/list-histories.ts";
import type {History, Operation} from "../../history.ts";
import {checkLists} from "./check.ts";
import {serialOrderExplains} from "./judge.ts";
import type {ListStep} from "./transactions.ts";

const runs = Number(process.env.HOLDFAST_RUNS ?? 4000);

/** The checker has nothing to say. */
function passes(history: History): boolean {
  const {findings, lost = 0} = checkLists(history);
  return findings.length === 0 && lost === 0;
}

/** What changes a history a little. `n` picks where. */
type Change = (operations: Operation[], n: number) => Operation[];

const stepsOf = (o: Operation) => o.data as ListStep[];
const changed = (operations: Operation[], at: number, steps: ListStep[]) =>
  operations.with(at, {...operations[at]!, data: steps});

/** Changes one read, where there is one. */
const inOneRead =
  (change: (list: readonly number[], n: number) => readonly number[]): Change =>
  (operations, n) => {
    const places = operations.flatMap((o, at) =>
      stepsOf(o).flatMap(([kind, , list], i) => (kind === "r" && list ? [{at, i}] : [])),
    );
    if (places.length === 0) return operations;
    const {at, i} = places[n % places.length]!;
    const steps = stepsOf(operations[at]!);
    const [, key, list] = steps[i]!;
    const other = ["r", key, change(list as number[], Math.floor(n / places.length))] as const;
    return changed(operations, at, steps.with(i, other));
  };

const changes: Change[] = [
  operations => operations,
  inOneRead(list => list.slice(0, -1)),
  inOneRead((list, n) => list.toSpliced(n % (list.length + 1), 1)),
  inOneRead((list, n) => list.toSpliced(n % (list.length + 1), 0, 1 + (n % 7))),
  inOneRead((list, n) => (list.length < 2 ? list : swapped(list, n % (list.length - 1)))),
  (operations, n) => {
    const at = n % Math.max(1, operations.length);
    const steps = operations[at] ? stepsOf(operations[at]!) : [];
    return steps.length < 2 ? operations : changed(operations, at, swapped(steps, n % (steps.length - 1)));
  },
  (operations, n) => withOutcome(operations, n, "unknown"),
  (operations, n) => withOutcome(operations, n, "failed"),
];

function swapped<T>(list: readonly T[], at: number): T[] {
  return list.with(at, list[at + 1]!).with(at + 1, list[at]!);
}

function withOutcome(operations: Operation[], n: number, outcome: "unknown" | "failed"): Operation[] {
  const at = n % Math.max(1, operations.length);
  if (!operations[at]) return operations;
  const steps = stepsOf(operations[at]).map((s): ListStep => (s[0] === "r" ? ["r", s[1]] : s));
  return operations.with(at, {...operations[at], outcome, data: steps});
}

/** As the client of a run reads it back: keys whose list is empty are not there. */
function finalOf(history: History): [number, number[]][] {
  return history.finalRead!.map(text => {
    const [key, list = ""] = String(text).split(":");
    return [Number(key), list.split(",").filter(Boolean).map(Number)];
  });
}

const makers: ((planned: Planned[], schedule: number[]) => History)[] = [serial, snapshotIsolated, withoutIsolation];

/** Small histories: done one after the other, under snapshot isolation, or without any; then changed a little, the
 *  final read too or left out. */
const small = fc
  .tuple(
    plannedTransactions(2, 4),
    fc.array(fc.nat(1000), {minLength: 3, maxLength: 20}),
    fc.constantFrom(...makers),
    fc.array(fc.tuple(fc.constantFrom(...changes), fc.nat(10_000)), {maxLength: 2}),
    fc.constantFrom("as it is", "as it is", "left out", "changed"),
    fc.tuple(fc.constantFrom(...changes), fc.nat(10_000)),
  )
  .map(([planned, schedule, make, wanted, final, [change, n]]): History => {
    const made = make(planned, schedule);
    const operations = wanted.reduce((all, [other, at]) => other(all, at), made.operations);
    if (final === "left out") return historyOf(operations);
    const there = finalOf(made);
    if (final === "as it is") return historyOf(operations, new Map(there));
    const reads = txn(there.map(([key, list]) => ["r", key, list]));
    const others = change([reads], n)[0]!;
    const read = stepsOf(others).flatMap(([, key, list]) => (Array.isArray(list) ? [[key, list] as const] : []));
    return historyOf(operations, new Map(read.filter(([, list]) => list.length > 0)) as Map<number, number[]>);
  });

/** Lists out of thin air: every read is some of the values that are appended to its key anywhere, in some order. */
const wild = fc
  .tuple(plannedTransactions(2, 4), fc.array(fc.nat(1000), {minLength: 12, maxLength: 12}), fc.boolean())
  .map(([planned, picks, reads]): History => {
    let [next, pick] = [0, 0];
    const made = planned.map(({steps}) => execute(new Map(), steps, () => ++next));
    const values = Map.groupBy(
      made.flat().filter(step => step[0] === "append"),
      step => step[1],
    );
    const some = (key: number): number[] => {
      const left = (values.get(key) ?? []).map(step => step[2] as number);
      const count = picks[pick++ % picks.length]! % (left.length + 1);
      return Array.from({length: count}, () => left.splice(picks[pick++ % picks.length]! % left.length, 1)[0]!);
    };
    const operations = planned.map(({outcome}, i) =>
      txn(
        made[i]!.map((s): ListStep => (s[0] !== "r" ? s : outcome === "ok" ? ["r", s[1], some(s[1])] : ["r", s[1]])),
        outcome,
      ),
    );
    const final: Store = new Map([0, 1].map(key => [key, some(key)] as const).filter(([, list]) => list.length > 0));
    return reads ? historyOf(operations, final) : historyOf(operations);
  });

for (const [what, histories] of [
  ["small histories, changed a little", small],
  ["histories out of thin air", wild],
] as const) {
  test(`the checker passes what a serial order explains, and nothing else: ${what}`, t => {
    const seen = {explained: 0, not: 0};
    fc.assert(
      fc.property(histories, history => {
        const explained = serialOrderExplains(history);
        seen[explained ? "explained" : "not"]++;
        return passes(history) === explained;
      }),
      {numRuns: runs},
    );
    t.true(seen.explained > runs / 10 && seen.not > runs / 10, JSON.stringify(seen));
  });
}
