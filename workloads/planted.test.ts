import test from "ava";
import fc from "fast-check";
import type {Check} from "../lib/analysis/check.ts";
import type {History, Operation, Outcome} from "../lib/history.ts";
import {findWorkload} from "./registry.ts";

// Workloads without an order of their own: one thing is put wrong into a history that has nothing wrong, and it alone
// is found.

const outcomes = fc.array(
  fc.record({outcome: fc.constantFrom<Outcome>("ok", "ok", "failed", "unknown"), landed: fc.boolean()}),
  {minLength: 1, maxLength: 60},
);
type Given = {outcome: Outcome; landed: boolean}[];

const op = (kind: string, n: number, rest: Partial<Operation>): Operation => ({
  client: 0,
  kind,
  due: n,
  sent: n,
  done: n + 1,
  outcome: "ok",
  ...rest,
});

/** Values that were written one after the other by one client, and what is there in the end. */
function written(kind: string, given: Given): {operations: Operation[]; there: string[]} {
  const operations = given.map(({outcome}, n) => op(kind, n, {outcome, value: `0-${n}`, data: {link: 1}}));
  const there = operations.filter((o, n) => o.outcome === "ok" || (o.outcome === "unknown" && given[n]!.landed));
  return {operations, there: there.map(o => String(o.value))};
}

const history = (workload: string, operations: Operation[], finalRead?: string[]): History => ({
  workload,
  clients: 1,
  operations,
  finalRead,
});
const check = (given: History): Check => {
  const {finds, check} = findWorkload(given.workload)!;
  const found = check(given);
  const others = found.findings.filter(f => !finds.includes(f.anomaly));
  if (others.length > 0) throw new Error(`${given.workload} tells ${others[0]!.anomaly}, which its list does not have`);
  return found;
};
const anomalies = ({findings}: Check) => findings.map(f => f.anomaly);

for (const [workload, kind] of [
  ["sql-append", "append"],
  ["amqp-confirm", "publish"],
] as const) {
  test(`${workload}: nothing is found where nothing is wrong`, t => {
    fc.assert(
      fc.property(outcomes, given => {
        const {operations, there} = written(kind, given);
        t.like(check(history(workload, operations, there)), {lost: 0, duplicates: 0, findings: []});
      }),
    );
  });

  test(`${workload}: what was acknowledged and is gone is lost`, t => {
    fc.assert(
      fc.property(outcomes, fc.nat(), (given, place) => {
        const {operations, there} = written(kind, given);
        const sure = operations.filter(o => o.outcome === "ok").map(o => String(o.value));
        fc.pre(sure.length > 0);
        const gone = sure[place % sure.length]!;
        const rest = there.filter(value => value !== gone);
        t.like(check(history(workload, operations, rest)), {lost: 1, findings: []});
      }),
    );
  });

  test(`${workload}: what nobody wrote is a stranger, what is there twice a duplicate`, t => {
    fc.assert(
      fc.property(outcomes, fc.nat(), (given, place) => {
        const {operations, there} = written(kind, given);
        t.deepEqual(anomalies(check(history(workload, operations, [...there, "7-7"]))), ["stranger"]);
        fc.pre(there.length > 0);
        const at = place % there.length;
        const twice = there.toSpliced(at, 0, there[at]!);
        t.like(check(history(workload, operations, twice)), {lost: 0, duplicates: 1});
      }),
    );
  });
}

test("sql-append: a statement that ran twice is found", t => {
  fc.assert(
    fc.property(outcomes, fc.nat(), (given, place) => {
      const {operations, there} = written("append", given);
      const at = place % operations.length;
      operations[at] = {...operations[at]!, outcome: "failed", error: "1062"};
      const {findings} = check(history("sql-append", operations, there));
      t.deepEqual(
        findings.map(f => [f.anomaly, f.operations]),
        [["repeated-statement", [operations[at]!]]],
      );
    }),
  );
});

test("sql-append: a row whose insert failed and that is there is found", t => {
  fc.assert(
    fc.property(outcomes, given => {
      const {operations, there} = written("append", given);
      const failed = op("append", 99, {outcome: "failed", error: "1213", value: "0-99"});
      t.deepEqual(check(history("sql-append", [...operations, failed], there)).findings, []);
      const {findings} = check(history("sql-append", [...operations, failed], [...there, "0-99"]));
      t.deepEqual(
        findings.map(f => [f.anomaly, f.operations]),
        [["aborted-write", [failed]]],
      );
    }),
  );
});

for (const [workload, kind, error, anomaly] of [
  ["http", "GET /items", "wrong-body", "wrong-body"],
  ["http", "GET /items", "wrong-status 418", "wrong-status"],
  ["memcached-kv", "get", "wrong-value", "wrong-value"],
] as const) {
  test(`${workload}: one answer with ${anomaly} is the one that is found`, t => {
    fc.assert(
      fc.property(outcomes, fc.nat(), (given, place) => {
        const operations = given.map(({outcome}, n) =>
          op(kind, n, {outcome, data: {status: 200}, ...(outcome === "ok" ? {} : {error: "ECONNRESET"})}),
        );
        t.deepEqual(check(history(workload, operations)).findings, []);
        const wrong = op(kind, 99, {outcome: "failed", error, data: {status: 418}});
        const {findings} = check(history(workload, operations.toSpliced(place % operations.length, 0, wrong)));
        t.deepEqual(
          findings.map(f => [f.anomaly, f.operations]),
          [[anomaly, [wrong]]],
        );
      }),
    );
  });
}
