import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../history.ts";
import {hitRateOf} from "./hits.ts";
import {latencyOf, quantile} from "./latency.ts";
import {bucketFor, seriesOf} from "./series.ts";
import {summarise} from "./summary.ts";

const op = (done: number, latency = 1, outcome: Outcome = "ok", kind = "w"): Operation => ({
  client: 0,
  kind,
  due: done - latency,
  sent: done - latency,
  done,
  outcome,
});

test("quantiles are nearest rank", t => {
  const hundred = Array.from({length: 100}, (_, i) => i + 1);
  t.deepEqual(
    [0, 0.5, 0.99, 1].map(q => quantile(hundred, q)),
    [1, 50, 99, 100],
  );
  t.is(quantile([], 0.5), 0);
});

test("quantiles are values that were given, in order", t => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 1e6}), {minLength: 1}), values => {
      const {p50, p99, max} = latencyOf(values.map(latency => op(latency, latency)));
      t.true(values.includes(p50) && values.includes(p99));
      t.true(p50 <= p99 && p99 <= max);
      t.is(max, Math.max(...values));
    }),
  );
});

test("latency is of acknowledged operations, from their due time", t => {
  const late: Operation = {...op(500), due: 100, sent: 499};
  t.deepEqual(latencyOf([late, op(9000, 9000, "unknown")]), {p50: 400, p99: 400, max: 400});
});

test("coordinated omission: slots that were given up count with what they had waited", t => {
  // One operation a 10 ms; the server stands still from 1000 to 2000 and the client gives up what waited for more than
  // 500 ms.
  const steady = Array.from({length: 100}, (_, i) => op(i * 10 + 1));
  const late = Array.from({length: 50}, (_, i) => ({...op(2000), due: 1500 + i * 10}));
  const hung: Operation = {...op(2000, 1000, "unknown"), due: 1000};
  const unsent = {client: 0, slots: 49, first: 1010, last: 1490, at: 2000};
  const blind = latencyOf([...steady, hung, ...late]);
  const seeing = latencyOf([...steady, hung, ...late], [unsent]);
  t.deepEqual(blind, {p50: 1, p99: 490, max: 500});
  t.deepEqual(seeing, {p50: 1, p99: 980, max: 990});
  const series = seriesOf([...steady, hung, ...late], 0, 2100, 100, [unsent]);
  t.deepEqual(
    series.map(row => row.max).filter(max => max !== undefined && max > 1),
    [990],
  );
});

test("a slot given up counts its wait, each once, evenly spaced", t => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 50}), fc.integer({min: 1, max: 40}), (slots, spacing) => {
      const unsent = {client: 0, slots, first: 0, last: (slots - 1) * spacing, at: slots * spacing};
      t.is(latencyOf([], [unsent]).max, slots * spacing);
      t.is(latencyOf([], [unsent]).p50, Math.ceil(slots / 2) * spacing);
    }),
  );
});

test("a failed read did not hit", t => {
  t.is(
    hitRateOf([
      op(1, 1, "ok", "get-hit"),
      op(2, 1, "ok", "get-miss"),
      op(3, 1, "failed", "get"),
      op(4, 1, "ok", "set"),
    ]),
    0.3333,
  );
  t.is(hitRateOf([op(1)]), undefined);
});

test("the series holds every operation once, and its empty buckets", t => {
  fc.assert(
    fc.property(fc.array(fc.integer({min: 0, max: 5000})), fc.constantFrom(50, 100, 1000), (times, bucketMs) => {
      const series = seriesOf(
        times.map(done => op(done)),
        0,
        4000,
        bucketMs,
      );
      t.is(series.length, 4000 / bucketMs);
      t.is(
        series.reduce((sum, row) => sum + row.ok, 0),
        times.length,
      );
    }),
  );
});

test("a plot has at most 300 buckets", t => {
  for (const length of [1, 1000, 60_000, 3_600_000, 1e9]) t.true(length / bucketFor(length) <= 300);
});

test("the summary has every figure of the report", t => {
  const history: History = {
    workload: "w",
    clients: 1,
    operations: [op(10), op(20), {...op(30, 1, "failed"), error: "1213"}, op(40, 1, "unknown")],
    from: 0,
    to: 50,
    notSent: 3,
  };
  const result = summarise({workload: "w", endpoint: "sql", clients: 1, rate: 100}, history, {
    lost: 0,
    findings: [],
    notes: ["x"],
  });
  t.like(result, {
    acknowledged: 2,
    failed: 1,
    unknown: 1,
    notSent: 3,
    lost: 0,
    longestOutageMs: 30,
    errors: {1213: 1, unknown: 1},
  });
  t.deepEqual([result.findings, result.notes], [[], ["x"]]);
  t.is(result.series.length, 1);
});

test("a client that is near its own limit is told", t => {
  const history = (cpuShare: number): History => ({
    workload: "w",
    clients: 1,
    operations: [{...op(10), sent: 14}],
    client: {cpuShare, longestStallMs: 21},
  });
  const result = (cpuShare: number) =>
    summarise({workload: "w", endpoint: "sql", clients: 1, rate: 1}, history(cpuShare), {findings: []});
  t.deepEqual(result(0.4).client, {cpuShare: 0.4, longestStallMs: 21, lateMs: 5});
  t.is(result(0.4).notes, undefined);
  t.regex(result(0.93).notes!.join(), /93 % of a core/);
});
