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
