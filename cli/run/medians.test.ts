import test from "ava";
import type {Result} from "../../lib/result.ts";
import {spreadRows, spreads} from "./medians.ts";

const run = (scenario: string, ms: number, lost?: number) =>
  ({scenario, workloads: {rows: {longestOutageMs: ms, lost}}}) as unknown as Result;

test("least, median and most of each workload of each scenario", t => {
  const all = spreads([run("a", 300, 0), run("b", 5), run("a", 100, 1), run("a", 200, 0)]);
  t.deepEqual(all, [
    {scenario: "a", workload: "rows", runs: 3, min: 100, median: 200, max: 300, lost: 1},
    {scenario: "b", workload: "rows", runs: 1, min: 5, median: 5, max: 5},
  ]);
  t.deepEqual(spreadRows(all)[1], ["a", "rows", "3", "100 ms", "200 ms", "300 ms", "1"]);
});

test("the median of two is between them", t => t.is(spreads([run("a", 100), run("a", 200)])[0]!.median, 150));
