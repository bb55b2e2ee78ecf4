import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check, finds} from "./checker.ts";

const increment = (counter: number, read: number | undefined, outcome: Outcome = "ok", error?: string): Operation => ({
  client: 0,
  kind: "increment",
  due: 0,
  sent: 0,
  done: 1,
  outcome,
  data: {counter, read},
  ...(error ? {error} : {}),
});
const history = (operations: Operation[], finalRead?: number[]): History => ({
  workload: "for-update",
  clients: 1,
  operations,
  finalRead,
});

const rows: {name: string; given: History; findings: string[]; lost?: number; recovered?: number}[] = [
  {name: "all counted", given: history([increment(0, 0), increment(0, 1)], [2]), findings: [], lost: 0, recovered: 0},
  {
    name: "two wrote the same",
    given: history([increment(0, 0), increment(0, 0)], [1]),
    findings: ["lost-update"],
    lost: 1,
    recovered: 0,
  },
  {
    name: "the same of two counters",
    given: history([increment(0, 0), increment(1, 0)], [1, 1]),
    findings: [],
    lost: 0,
    recovered: 0,
  },
  {
    name: "the other one failed",
    given: history([increment(0, 0), increment(0, 0, "failed", "1213")], [1]),
    findings: [],
    lost: 0,
    recovered: 0,
  },
  {
    name: "the other one is unknown",
    given: history([increment(0, 0), increment(0, 0, "unknown")], [1]),
    findings: [],
    lost: 0,
    recovered: 0,
  },
  {
    name: "unknown and landed",
    given: history([increment(0, 0), increment(0, 1, "unknown")], [2]),
    findings: [],
    lost: 0,
    recovered: 1,
  },
  {
    name: "acknowledged and gone",
    given: history([increment(0, 0), increment(0, 1)], [1]),
    findings: [],
    lost: 1,
    recovered: 0,
  },
  {
    name: "a number that nobody counted up to is read",
    given: history([increment(0, 1)]),
    findings: ["aborted-write"],
  },
  {
    name: "two of which one is unknown read the same, and both were counted",
    given: history([increment(0, 0), increment(0, 0, "unknown")], [2]),
    findings: ["aborted-write"],
    lost: 0,
    recovered: 1,
  },
  {
    name: "what was acknowledged stood on an unknown one, and is gone",
    given: history([increment(0, 0, "unknown"), increment(0, 1)], [1]),
    findings: [],
    lost: 1,
    recovered: 0,
  },
  {
    name: "failed and landed",
    given: history([increment(0, 0), increment(0, 1, "failed")], [2]),
    findings: ["aborted-write"],
    lost: 0,
    recovered: 1,
  },
];

for (const {name, given, findings, lost, recovered} of rows) {
  test(name, t => {
    const found = check(given);
    t.deepEqual(
      found.findings.map(f => f.anomaly),
      findings,
    );
    t.deepEqual([found.lost, found.recovered], [lost, recovered]);
  });
}

test("every class that it tells is planted", t => {
  t.deepEqual([...new Set(rows.flatMap(r => r.findings))].sort(), finds.filter(f => f !== "lost").sort());
});

const steps = fc.array(
  fc.record({
    counter: fc.nat(2),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
  }),
  {maxLength: 100},
);

function serial(given: {counter: number; outcome: Outcome; landed: boolean}[]) {
  const counters = [0, 0, 0];
  const operations = given.map(({counter, outcome, landed}) => {
    const read = counters[counter]!;
    if (outcome === "ok" || (outcome === "unknown" && landed)) counters[counter] = read + 1;
    return increment(counter, read, outcome);
  });
  return {operations, counters};
}

test("increments one after the other show nothing", t => {
  fc.assert(
    fc.property(steps, given => {
      const {operations, counters} = serial(given);
      const {findings, lost} = check(history(operations, counters));
      t.deepEqual([findings, lost], [[], 0]);
    }),
  );
});

test("one more that read the same as an acknowledged one is found with it", t => {
  fc.assert(
    fc.property(steps, fc.nat(), (given, place) => {
      const {operations, counters} = serial(given);
      const sure = operations.filter(o => o.outcome === "ok");
      fc.pre(sure.length > 0);
      const first = sure[place % sure.length]!;
      const second = {...first, client: 1};
      const {findings} = check(history([...operations, second], counters));
      t.deepEqual(
        findings.map(f => [f.anomaly, f.operations]),
        [["lost-update", [first, second]]],
      );
    }),
  );
});

test("deadlocks are counted by class", t => {
  const operations = [
    increment(0, 0),
    increment(0, undefined, "failed", "1213"),
    increment(0, undefined, "failed", "1205"),
  ];
  const notes = check(history(operations, [1])).notes!.join("\n");
  t.regex(notes, /1 of 3 \(33.3 %\) ended with 1213: deadlock/);
  t.regex(notes, /1 of 3 \(33.3 %\) ended with 1205/);
});

test("many are told by the first ten, and counted", t => {
  const {findings, notes} = check(
    history(
      Array.from({length: 31}, () => increment(0, 0)),
      [1],
    ),
  );
  t.is(findings.length, 10);
  t.regex(notes!.join(), /30 times/);
});

test("a counter above all that may have happened is found, one below is lost", t => {
  fc.assert(
    fc.property(steps, fc.nat(2), fc.integer({min: 1, max: 9}), (given, counter, by) => {
      const {operations, counters} = serial(given);
      const of = operations.filter(o => (o.data as {counter: number}).counter === counter);
      const count = (outcome: Outcome) => of.filter(o => o.outcome === outcome).length;
      const most = count("ok") + count("unknown");
      const above = check(history(operations, counters.with(counter, most + by)));
      t.deepEqual(
        above.findings.map(f => f.anomaly),
        ["aborted-write"],
      );
      const sure = of.filter(o => o.outcome === "ok").map(o => (o.data as {read: number}).read + 1);
      const written = Math.max(0, ...sure);
      fc.pre(written >= by);
      t.is(check(history(operations, counters.with(counter, written - by))).lost, by);
    }),
  );
});
