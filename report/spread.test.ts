import test from "ava";
import fc from "fast-check";
import type {Result} from "../lib/result.ts";
import {sampleProfiles} from "./sample.ts";
import {spreadOf, spreads} from "./spread.ts";

const run = (scenario: string, ms: number, lost?: number) =>
  ({scenario, workloads: {rows: {longestOutageMs: ms, lost}}}) as unknown as Result;

test("least, median and most of each workload of each scenario", t => {
  const all = spreads([run("a", 300, 0), run("b", 5), run("a", 100, 1), run("a", 200, 0)]);
  t.deepEqual(all, [
    {scenario: "a", workload: "rows", runs: 3, min: 100, median: 200, max: 300, lost: 1},
    {scenario: "b", workload: "rows", runs: 1, min: 5, median: 5, max: 5},
  ]);
});

test("the median of two is between them", t => t.is(spreads([run("a", 100), run("a", 200)])[0]!.median, 150));

test("runs with other settings are another row, with their own budget", t => {
  const all = spreads(sampleProfiles());
  t.deepEqual(
    all.map(s => [s.settings, s.runs, s.budget]),
    [
      [undefined, 3, 450],
      ["profile=kolla", 3, 4000],
      ["profile=openstack-ansible", 3, 5300],
    ],
  );
});

test("a spread is in order, whatever the values", t => {
  t.is(spreadOf([]), undefined);
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 1e6}), {minLength: 1}), values => {
      const {min, median, max} = spreadOf(values)!;
      t.true(min <= median && median <= max && values.includes(min) && values.includes(max));
      t.true(values.filter(v => v <= median).length * 2 >= values.length);
    }),
  );
});
