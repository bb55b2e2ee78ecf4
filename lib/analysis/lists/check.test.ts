import test from "ava";
import fc from "fast-check";
import {
  historyOf,
  plannedTransactions,
  serial,
  snapshotIsolated,
  txn,
  withoutIsolation,
} from "../../../test/list-histories.ts";
import type {History, Operation} from "../../history.ts";
import {checkLists, listClasses} from "./check.ts";
import type {ListStep} from "./transactions.ts";

const classes = (history: History) => checkLists(history).findings.map(f => f.anomaly);

/** Each on keys of its own from 100 on and values from 1000 on, so that it can be put into any history. */
const plants: {anomaly: string; operations: () => Operation[]; final: [number, number[]][]; shows: number}[] = [
  {
    anomaly: "G0",
    operations: () => [
      txn([
        ["append", 100, 1000],
        ["append", 101, 1001],
      ]),
      txn([
        ["append", 100, 1002],
        ["append", 101, 1003],
      ]),
    ],
    final: [
      [100, [1000, 1002]],
      [101, [1003, 1001]],
    ],
    shows: 3,
  },
  {
    anomaly: "G1a",
    operations: () => [txn([["append", 100, 1000]], "failed"), txn([["r", 100, [1000]]])],
    final: [[100, []]],
    shows: 2,
  },
  {
    anomaly: "G1b",
    operations: () => [
      txn([
        ["append", 100, 1000],
        ["append", 100, 1001],
      ]),
      txn([["r", 100, [1000]]]),
    ],
    final: [[100, [1000, 1001]]],
    shows: 2,
  },
  {
    anomaly: "G1c",
    operations: () => [
      txn([
        ["append", 100, 1000],
        ["r", 101, [1001]],
      ]),
      txn([
        ["append", 101, 1001],
        ["r", 100, [1000]],
      ]),
    ],
    final: [
      [100, [1000]],
      [101, [1001]],
    ],
    shows: 2,
  },
  {
    anomaly: "G-single",
    operations: () => [
      txn([
        ["r", 100, []],
        ["r", 101, [1001]],
      ]),
      txn([
        ["append", 100, 1000],
        ["append", 101, 1001],
      ]),
    ],
    final: [
      [100, [1000]],
      [101, [1001]],
    ],
    shows: 3,
  },
  {
    anomaly: "lost-update",
    operations: () => [
      txn([
        ["r", 100, []],
        ["append", 100, 1000],
      ]),
      txn([
        ["r", 100, []],
        ["append", 100, 1001],
      ]),
    ],
    final: [[100, [1000, 1001]]],
    shows: 3,
  },
  {
    anomaly: "G2",
    operations: () => [
      txn([
        ["r", 100, []],
        ["append", 101, 1001],
      ]),
      txn([
        ["r", 101, []],
        ["append", 100, 1000],
      ]),
    ],
    final: [
      [100, [1000]],
      [101, [1001]],
    ],
    shows: 3,
  },
  {
    anomaly: "internal",
    operations: () => [
      txn([
        ["append", 100, 1000],
        ["r", 100, []],
      ]),
    ],
    final: [[100, [1000]]],
    shows: 1,
  },
  {
    anomaly: "incompatible-order",
    operations: () => [txn([["append", 100, 1000]]), txn([["append", 100, 1001]]), txn([["r", 100, [1001]]])],
    final: [[100, [1000, 1001]]],
    shows: 4,
  },
  {
    anomaly: "duplicate-element",
    operations: () => [txn([["append", 100, 1000]])],
    final: [[100, [1000, 1000]]],
    shows: 2,
  },
  {anomaly: "stranger", operations: () => [txn([["r", 100, [999]]])], final: [[100, []]], shows: 1},
  {
    anomaly: "future-read",
    operations: () => [
      txn([
        ["r", 100, [1000]],
        ["append", 100, 1000],
      ]),
    ],
    final: [[100, [1000]]],
    shows: 1,
  },
  {
    anomaly: "own-order",
    operations: () => [
      txn([
        ["append", 100, 1000],
        ["append", 100, 1001],
      ]),
    ],
    final: [[100, [1001, 1000]]],
    shows: 2,
  },
  {
    anomaly: "vanished",
    operations: () => [
      txn(
        [
          ["append", 100, 1000],
          ["append", 101, 1001],
        ],
        "unknown",
      ),
    ],
    final: [[100, [1000]]],
    shows: 2,
  },
];

for (const {anomaly, operations, final, shows} of plants) {
  test(`${anomaly}: is found where it was planted, as what it is, with the shortest history`, t => {
    fc.assert(
      fc.property(plannedTransactions(), fc.nat(), fc.boolean(), (planned, place, apart) => {
        const whole = serial(planned);
        const planted = operations();
        const at = place % (whole.operations.length + 1);
        whole.operations.splice(at, 0, planted[0]!);
        whole.operations.splice(apart ? 0 : at + 1, 0, ...planted.slice(1));
        whole.finalRead!.push(...final.map(([key, list]) => `${key}:${list.join(",")}`));
        const {findings} = checkLists(whole);
        t.deepEqual(
          findings.map(f => f.anomaly),
          [anomaly],
        );
        const shown = findings[0]!.operations;
        t.true(shown.length <= shows, `${shown.length} operations are shown: ${findings[0]!.text}`);
        for (const o of shown) if (o.kind !== "final-read") t.true(planted.includes(o));
      }),
      {numRuns: 40},
    );
  });

  test(`${anomaly}: the history that a finding shows is enough to find it again`, t => {
    const [finding] = checkLists(historyOf(operations(), new Map(final))).findings;
    const [shown, read] = [finding!.operations.filter(o => o.kind === "txn"), finding!.operations.at(-1)!];
    const lists =
      read.kind === "txn" ? undefined : (read.data as ListStep[]).map(([, key, list]) => [key, list] as const);
    t.deepEqual(classes(historyOf(shown, lists && new Map(lists as [number, number[]][]))), [anomaly]);
  });
}

test("every class is planted", t => {
  t.deepEqual(plants.map(p => p.anomaly).sort(), [...listClasses].sort());
});

test("a longer circle is found whole, and shortest", t => {
  const operations = [
    txn([
      ["append", 1, 1],
      ["r", 2, []],
    ]),
    txn([
      ["append", 2, 2],
      ["append", 3, 3],
    ]),
    txn([
      ["r", 3, [3]],
      ["r", 1, []],
    ]),
    txn([["append", 9, 9]]),
  ];
  const {findings} = checkLists(
    historyOf(
      operations,
      new Map([
        [1, [1]],
        [2, [2]],
        [3, [3]],
        [9, [9]],
      ]),
    ),
  );
  t.deepEqual(
    findings.map(f => [
      f.anomaly,
      f.operations
        .slice(0, 3)
        .map(o => operations.indexOf(o))
        .sort(),
    ]),
    [["G2", [0, 1, 2]]],
  );
  t.regex(findings[0]!.text, /T1 .*\(rw\).*T2 .*T3/);
});

test("transactions one after the other show nothing, whatever failed or is unknown", t => {
  fc.assert(
    fc.property(plannedTransactions(), planned => {
      const {findings, lost} = checkLists(serial(planned));
      t.deepEqual(findings, []);
      t.is(lost, 0);
    }),
    {numRuns: 300},
  );
});

test("snapshot isolation shows write skew at most", t => {
  let skews = 0;
  fc.assert(
    fc.property(plannedTransactions(3), fc.array(fc.nat(1000), {minLength: 5, maxLength: 50}), (planned, schedule) => {
      const found = classes(snapshotIsolated(planned, schedule));
      if (found.length > 0) skews++;
      t.deepEqual(
        found.filter(anomaly => anomaly !== "G2"),
        [],
      );
    }),
    {numRuns: 500, seed: 1},
  );
  t.true(skews > 5, `${skews} write skews in 500 histories`);
});

test("without isolation, anomalies of every kind of cycle turn up, and none that a store cannot have", t => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(plannedTransactions(3), fc.array(fc.nat(1000), {minLength: 5, maxLength: 50}), (planned, schedule) => {
      for (const anomaly of classes(withoutIsolation(planned, schedule))) seen.add(anomaly);
    }),
    {numRuns: 500, seed: 1},
  );
  t.deepEqual(
    [...seen].sort(),
    ["G-single", "G0", "G1b", "G1c", "G2", "internal", "lost-update"].filter(a => seen.has(a)).sort(),
  );
  for (const anomaly of ["G0", "G1b", "G1c", "G-single"]) t.true(seen.has(anomaly), anomaly);
});

test("an acknowledged append that is gone is lost, one that landed unknown is recovered", t => {
  const operations = [txn([["append", 1, 1]]), txn([["append", 1, 2]], "unknown"), txn([["append", 2, 3]], "unknown")];
  t.like(checkLists(historyOf(operations, new Map([[1, [2]]]))), {lost: 1, recovered: 1, findings: []});
});

test("without a final read the order comes from the reads that there are, and nothing is said of loss", t => {
  const {lost, notes, findings} = checkLists(
    historyOf(plants[5]!.operations().concat(txn([["r", 100, [1000, 1001]]]))),
  );
  t.is(lost, undefined);
  t.regex(notes!.join(), /no final read/);
  t.deepEqual(
    findings.map(f => f.anomaly),
    ["lost-update"],
  );
});

test("without a final read, an append that nobody read came after every read that lacks it", t => {
  const both = txn([
    ["append", 1, 1],
    ["append", 2, 2],
  ]);
  const torn = txn([
    ["r", 1, [1]],
    ["r", 2, []],
  ]);
  t.deepEqual(classes(historyOf([both, torn])), ["G-single"]);
  t.deepEqual(classes(historyOf([{...both, outcome: "unknown"}, torn])), ["G-single"]);
  t.deepEqual(classes(historyOf([both, txn([["r", 1, [1]]]), txn([["r", 2, []]])])), []);
  const between = txn([["append", 1, 3]]);
  const twice = txn([
    ["append", 1, 1],
    ["append", 1, 2],
  ]);
  t.deepEqual(classes(historyOf([twice, between, txn([["r", 1, [1, 3]]])])), ["G0"]);
});

test("an append that was read and is gone in the end has vanished, though nobody was acknowledged it", t => {
  const given = [txn([["append", 1, 1]], "unknown"), txn([["r", 1, [1]]])];
  t.deepEqual(classes(historyOf(given, new Map())), ["vanished"]);
  t.deepEqual(classes(historyOf(given, new Map([[1, [1]]]))), []);
  t.like(checkLists(historyOf([{...given[0]!, outcome: "ok"}, given[1]!], new Map())), {lost: 1, findings: []});
});

test("a class that the isolation level allows is counted in a note", t => {
  const {operations, final} = plants.find(p => p.anomaly === "G2")!;
  const {findings, notes} = checkLists(historyOf(operations(), new Map(final)), ["G2"]);
  t.deepEqual(findings, []);
  t.regex(notes!.join(), /G2 was found 1 times/);
});

test("many findings of one class are told by the ten shortest, and counted", t => {
  const operations = Array.from({length: 30}, (_, i) => [
    txn([
      ["r", i, []],
      ["append", i, 1],
    ]),
    txn([
      ["r", i, []],
      ["append", i, 2],
    ]),
  ]).flat();
  const final = new Map(Array.from({length: 30}, (_, i) => [i, [1, 2]]));
  const {findings, notes} = checkLists(historyOf(operations, final));
  t.is(findings.length, 10);
  t.regex(notes!.join(), /lost-update was found 30 times/);
});
