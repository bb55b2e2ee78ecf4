import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../history.ts";
import {checkSet} from "./lost.ts";

const write = (value: string, outcome: Outcome): Operation => ({
  client: 0,
  kind: "w",
  due: 0,
  sent: 0,
  done: 1,
  outcome,
  value,
});
const history = (writes: [string, Outcome][], finalRead?: string[], trouble?: string): History => ({
  workload: "x",
  clients: 1,
  operations: writes.map(([value, outcome]) => write(value, outcome)),
  finalRead,
  trouble,
});

const rows: {
  name: string;
  given: History;
  lost?: number;
  duplicates?: number;
  recovered?: number;
  findings?: string[];
  notes?: RegExp[];
}[] = [
  {name: "all there", given: history([["a", "ok"]], ["a"]), lost: 0, duplicates: 0, recovered: 0},
  {
    name: "one lost",
    given: history(
      [
        ["a", "ok"],
        ["b", "ok"],
      ],
      ["a"],
    ),
    lost: 1,
    duplicates: 0,
    recovered: 0,
    notes: [/not there: b/],
  },
  {
    name: "unknown and gone is not lost",
    given: history([["a", "unknown"]], []),
    lost: 0,
    duplicates: 0,
    recovered: 0,
  },
  {
    name: "unknown that landed",
    given: history([["a", "unknown"]], ["a"]),
    lost: 0,
    duplicates: 0,
    recovered: 1,
  },
  {
    name: "failed that landed",
    given: history([["a", "failed"]], ["a"]),
    lost: 0,
    duplicates: 0,
    recovered: 1,
  },
  {name: "twice", given: history([["a", "ok"]], ["a", "a", "a"]), lost: 0, duplicates: 2, recovered: 0},
  {name: "a stranger", given: history([], ["z"]), lost: 0, duplicates: 0, recovered: 0, findings: ["stranger"]},
  {name: "no final read", given: history([["a", "ok"]], undefined, "it broke"), notes: [/no final read: it broke/]},
];

for (const row of rows) {
  test(row.name, t => {
    const {findings, notes = [], ...figures} = checkSet(row.given, "w");
    const {lost, duplicates, recovered} = row;
    t.deepEqual(figures, lost === undefined ? {} : {lost, duplicates, recovered});
    t.deepEqual(
      findings.map(f => f.anomaly),
      row.findings ?? [],
    );
    t.is(notes.length, row.notes?.length ?? 0);
    for (const [i, pattern] of (row.notes ?? []).entries()) t.regex(notes[i]!, pattern);
  });
}

test("planted anomalies are counted exactly", t => {
  const value = fc.record({
    outcome: fc.constantFrom<Outcome>("ok", "failed", "unknown"),
    copies: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(value, {maxLength: 200}), values => {
      const writes = values.map(({outcome}, i): [string, Outcome] => [`${i}`, outcome]);
      const there = values.flatMap(({copies}, i) => Array.from({length: copies}, () => `${i}`));
      const {lost, duplicates, recovered} = checkSet(history(writes, there), "w");
      t.is(lost, values.filter(v => v.outcome === "ok" && v.copies === 0).length);
      t.is(
        duplicates,
        values.reduce((sum, v) => sum + Math.max(0, v.copies - 1), 0),
      );
      t.is(recovered, values.filter(v => v.outcome !== "ok" && v.copies > 0).length);
    }),
  );
});
