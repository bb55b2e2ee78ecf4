import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check, finds} from "./checker.ts";
import type {Transfer} from "./plan.ts";

const options = {accounts: 3, balance: 10, overdraft: false};
let clock = 0;
const op = (kind: string, data: unknown, outcome: Outcome = "ok", error?: string): Operation => {
  clock++;
  return {client: 0, kind, due: clock, sent: clock, done: clock, outcome, data, ...(error ? {error} : {})};
};
const transfer = (from: number, to: number, amount: number, outcome?: Outcome) =>
  op("transfer", {from, to, amount}, outcome);
const look = (...balances: number[]) => op("look", balances);
const history = (operations: Operation[], finalRead?: number[], more: object = {}): History => ({
  workload: "bank",
  clients: 1,
  operations,
  finalRead,
  options: {...options, ...more},
});

const rows: {name: string; given: History; findings: string[]; shows?: number}[] = [
  {
    name: "half of an unknown transfer landed, which each account by itself could have",
    given: history([transfer(0, 1, 4, "unknown")], [8, 12, 10]),
    findings: ["wrong-balance"],
    shows: 2,
  },
  {
    name: "unknown transfers that explain each account, and no choice of them all",
    given: history([transfer(0, 1, 4, "unknown"), transfer(1, 2, 4, "unknown")], [6, 10, 10]),
    findings: ["total-drift", "wrong-balance"],
    shows: 3,
  },
  {
    name: "all as it should be",
    given: history([look(10, 10, 10), transfer(0, 1, 4), look(6, 14, 10)], [6, 14, 10]),
    findings: [],
  },
  {name: "a look in between two halves", given: history([look(6, 10, 10)], [10, 10, 10]), findings: ["total-drift"]},
  {name: "drift in the end", given: history([], [11, 10, 10]), findings: ["total-drift", "wrong-balance"]},
  {name: "below zero", given: history([transfer(0, 1, 12)], [-2, 22, 10]), findings: ["negative-balance"]},
  {
    name: "below zero where that is allowed",
    given: history([transfer(0, 1, 12)], [-2, 22, 10], {overdraft: true}),
    findings: [],
  },
  {name: "an account is gone", given: history([look(10, 10)], [10, 10, 10]), findings: ["missing-account"]},
  {
    name: "an acknowledged transfer is gone",
    given: history([transfer(0, 1, 4)], [10, 10, 10]),
    findings: ["wrong-balance", "wrong-balance"],
  },
  {
    name: "a failed transfer landed",
    given: history([transfer(0, 1, 4, "failed")], [6, 14, 10]),
    findings: ["wrong-balance", "wrong-balance"],
  },
  {name: "an unknown transfer landed", given: history([transfer(0, 1, 4, "unknown")], [6, 14, 10]), findings: []},
  {
    name: "an unknown transfer did not land",
    given: history([transfer(0, 1, 4, "unknown")], [10, 10, 10]),
    findings: [],
  },
  {
    name: "more than unknown transfers can explain",
    given: history([transfer(0, 1, 4, "unknown")], [5, 15, 10]),
    findings: ["wrong-balance", "wrong-balance"],
  },
];

for (const {name, given, findings, shows = 1} of rows) {
  test(name, t => {
    const found = check(given).findings;
    t.deepEqual(
      found.map(f => f.anomaly),
      findings,
    );
    t.is(Math.max(1, ...found.map(f => f.operations.length)), shows);
  });
}

test("every class that it tells is planted", t => {
  t.deepEqual([...new Set(rows.flatMap(r => r.findings))].sort(), [...finds].sort());
});

const moves = fc.array(
  fc.record({
    from: fc.nat(2),
    by: fc.integer({min: 1, max: 2}),
    amount: fc.integer({min: 1, max: 5}),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
  }),
  {maxLength: 60},
);

/** Transfers one after the other, with a look after each. */
function serial(given: {from: number; by: number; amount: number; outcome: Outcome; landed: boolean}[]) {
  const balances = [10, 10, 10];
  const operations = given.flatMap(({from, by, amount, outcome, landed}) => {
    const moved: Transfer = {from, to: (from + by) % 3, amount: balances[from]! < amount ? 0 : amount};
    if (outcome === "ok" || (outcome === "unknown" && landed)) {
      balances[moved.from]! -= moved.amount;
      balances[moved.to]! += moved.amount;
    }
    return [op("transfer", moved, outcome), look(...balances)];
  });
  return {operations, balances};
}

test("transfers one after the other show nothing, whatever failed or is unknown", t => {
  fc.assert(
    fc.property(moves, given => {
      const {operations, balances} = serial(given);
      t.deepEqual(check(history(operations, balances)).findings, []);
    }),
  );
});

test("a look that is off by something is the one that is found", t => {
  fc.assert(
    fc.property(moves, fc.nat(), fc.integer({min: 1, max: 9}), (given, place, off) => {
      fc.pre(given.length > 0);
      const {operations, balances} = serial(given);
      const looks = operations.filter(o => o.kind === "look");
      const wrong = looks[place % looks.length]!;
      wrong.data = (wrong.data as number[]).with(0, (wrong.data as number[])[0]! + off);
      const {findings} = check(history(operations, balances));
      t.deepEqual(
        findings.map(f => [f.anomaly, f.operations]),
        [["total-drift", [wrong]]],
      );
    }),
  );
});

test("dozens of unknown transfers are told apart, and where there are too many choices a note says so", t => {
  const unknown = (amount: (i: number) => number) =>
    Array.from({length: 48}, (_, i) => transfer(i % 3, (i + 1 + (i % 2)) % 3, amount(i), "unknown"));
  const some = unknown(i => 1 + (i % 5));
  const landed = some.filter((_, i) => i % 3 > 0).map(o => o.data as Transfer);
  const held = [0, 1, 2].map(account =>
    landed.reduce((has, {from, to, amount}) => has + (to === account ? amount : from === account ? -amount : 0), 10),
  );
  t.like(check(history(some, held, {overdraft: true})), {findings: [], notes: {length: 1}});
  // Even amounts, and an odd change: no choice explains it, and there are 2^48 of them.
  const even = unknown(i => 2 + 2 * i * i);
  const {findings, notes} = check(history(even, [11, 9, 10], {overdraft: true}));
  t.deepEqual(findings, []);
  t.regex(notes!.join(), /48 unknown transfers.* not known: there are too many choices/);
});

test("deadlocks are counted, and the looks", t => {
  const given = history(
    [op("transfer", {from: 0, to: 1, amount: 1}, "failed", "1213"), look(10, 10, 10)],
    [10, 10, 10],
  );
  const notes = check(given).notes!.join("\n");
  t.regex(notes, /looked at 1 times/);
  t.regex(notes, /1 of 1 \(100.0 %\) ended with 1213/);
});

test("without a final read the looks are judged alone", t => {
  const {findings, notes} = check(history([look(9, 10, 10), transfer(0, 1, 1)]));
  t.deepEqual(
    findings.map(f => f.anomaly),
    ["total-drift"],
  );
  t.regex(notes!.join(), /no final read/);
});

/** Something wrong that is put into a serial history, and what alone may be found. */
const planted: [anomaly: string, plant: (looks: number[], off: number) => number[]][] = [
  ["missing-account", balances => balances.slice(1)],
  ["negative-balance", ([a, b, c], off) => [-off, b! + a! + off, c!]],
];
for (const [anomaly, plant] of planted) {
  test(`a look with ${anomaly} is the one that is found`, t => {
    fc.assert(
      fc.property(moves, fc.nat(), fc.integer({min: 1, max: 9}), (given, place, off) => {
        fc.pre(given.length > 0);
        const {operations, balances} = serial(given);
        const looks = operations.filter(o => o.kind === "look");
        const wrong = looks[place % looks.length]!;
        wrong.data = plant(wrong.data as number[], off);
        const {findings} = check(history(operations, balances));
        t.deepEqual(
          findings.map(f => [f.anomaly, f.operations]),
          [[anomaly, [wrong]]],
        );
      }),
    );
  });
}

test("an acknowledged transfer that is gone in the end is found in both accounts", t => {
  fc.assert(
    fc.property(moves, fc.integer({min: 1, max: 5}), (given, amount) => {
      const {operations, balances} = serial(given.filter(one => one.outcome !== "unknown"));
      const gone = transfer(0, 1, amount);
      const {findings} = check(history([...operations, gone], balances, {overdraft: true}));
      t.deepEqual(
        findings.map(f => f.anomaly),
        ["wrong-balance", "wrong-balance"],
      );
    }),
  );
});
