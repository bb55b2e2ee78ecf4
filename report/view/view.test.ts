import test from "ava";
import type {Result} from "../../lib/result.ts";
import {sampleFailure, sampleProfiles, sampleResult} from "../sample.ts";
import {budgetsOf} from "./budgets.ts";
import {comparisonsOf} from "./compare.ts";
import {findingsOf, knownOf, showDone} from "./findings.ts";
import {logsOf} from "./logs.ts";
import {outagesOf} from "./outages.ts";
import {Span} from "./span.ts";

for (const [what, operation, shown] of [
  [
    "a transaction",
    {
      data: [
        ["r", 1, [1, 2]],
        ["append", 1, 3],
      ],
    },
    "r 1 → [1, 2]\nappend 1 ← 3",
  ],
  ["a read whose answer did not come", {data: [["r", 1]]}, "r 1 → not known"],
  ["a long list", {data: [["r", 1, [1, 2, 3, 4, 5, 6, 7, 8]]]}, "r 1 → [2 more, … 3, 4, 5, 6, 7, 8]"],
  ["a value alone", {value: "0-17"}, "0-17"],
  ["a value and data that is no transaction", {value: 3, data: {route: "/v3"}}, '3 {"route":"/v3"}'],
  ["nothing", {}, "–"],
  ["zero", {value: 0}, "0"],
] as const) {
  test(`what an operation did: ${what}`, t => t.is(showDone(operation as Parameters<typeof showDone>[0]), shown));
}

test("operations of a history lie where they were, between its begin and its end", t => {
  const {findings} = findingsOf(sampleFailure());
  t.deepEqual(
    findings.map(f => [f.anomaly, f.known, f.operations.map(o => o.name)]),
    [
      ["lost-update", true, ["T1", "T2", "T3"]],
      ["stale-read", false, ["1", "2", "3"]],
    ],
  );
  for (const {operations} of findings) {
    t.is(operations[0]!.left, 0);
    for (const {left, width} of operations) t.true(left >= 0 && width > 0 && left + width <= 100.0001);
  }
});

test("many findings of one workload are cut, and counted", t => {
  const result = sampleFailure();
  const [one] = result.workloads.rows!.findings!;
  result.workloads.rows!.findings = Array.from({length: 25}, () => one!);
  const {findings, more} = findingsOf(result);
  t.deepEqual([findings.length, more], [10, 15]);
});

test("known anomalies: seen, gone, not looked for", t => {
  t.deepEqual(
    knownOf(sampleFailure().known).map(k => [k.state, k.seen]),
    [
      ["seen", "1"],
      ["gone", "not in this run"],
      ["open", "could not be looked for"],
    ],
  );
});

test("a measured outage above its budget fails, and every part of the bar is in it", t => {
  const [budget] = budgetsOf([
    {
      workload: "rows",
      fault: "kill",
      ms: 400,
      terms: [
        {name: "a", ms: 300},
        {name: "b", ms: 100},
      ],
      measured: 900,
    },
  ]);
  t.is(budget!.verdict, "fail");
  t.true(budget!.mark! <= 100 && budget!.mark! > budget!.terms.reduce((sum, term) => sum + term.width, 0));
  t.is(budgetsOf([{workload: "rows", fault: "kill", ms: 0, terms: []}])[0]!.verdict, "unknown");
});

test("a row for each client of a workload that waited, none of one that did not", t => {
  const result = sampleResult();
  result.workloads.jobs!.outages = [];
  const {lanes} = outagesOf(result, new Span(result));
  t.deepEqual(
    lanes.map(l => [l.workload, l.clients.length]),
    [
      ["rows", 4],
      ["jobs", 0],
    ],
  );
  const bars = lanes[0]!.clients.flatMap(c => c.bars);
  t.is(bars.length, 4);
  for (const {left, width} of bars) t.true(left > 0 && width > 0 && left + width < 100);
});

test("the machine has a row for each part of it that stood still, and none where none did", t => {
  const result = sampleFailure();
  const {machine} = outagesOf(result, new Span(result));
  t.deepEqual(
    machine.map(m => [m.of, m.bars.length, m.described]),
    [
      ["disk", 2, "machine, disk: stood still 2 times (disk), the longest 610 ms"],
      ["processor", 1, "machine, processor: stood still once (processor), the longest 200 ms"],
    ],
  );
  t.deepEqual(outagesOf(sampleResult(), new Span(sampleResult())).machine, []);
  const [disk] = result.standstills!;
  const {machine: three} = outagesOf(
    {...result, standstills: [...result.standstills!, {...disk!, of: "journal"}]},
    new Span(result),
  );
  t.deepEqual(
    three.map(m => m.of),
    ["disk", "journal", "processor"],
  );
});

test("logs stand under their fault, those it hit first, with times from its injection", t => {
  const result = sampleResult();
  const [logs] = logsOf(result);
  t.deepEqual(
    logs!.processes.map(p => [p.title, p.hit]),
    [
      ["galera-0", true],
      ["galera-0 answerer", true],
      ["galera-1", false],
      ["vip-1", false],
      ["vip-1 keepalived", false],
    ],
  );
  t.is(logs!.processes[0]!.lines[0]!.at, "−1.21\u00a0s");
  t.is(logs!.processes[3]!.more, "and 218 lines more, left out");
  t.deepEqual(logsOf({...result, logs: undefined} as Result), []);
});

test("runs of one scenario are compared, runs of different ones are not", t => {
  t.deepEqual(comparisonsOf([sampleResult(), sampleFailure()], ["a", "b"]), []);
  const runs = sampleProfiles();
  const [comparison, ...others] = comparisonsOf(
    runs,
    runs.map((_, i) => `${i}`),
  );
  t.is(others.length, 0);
  t.deepEqual(
    comparison!.strips.map(s => [s.settings, s.runs, s.budget, s.ratio !== ""]),
    [
      ["defaults", 3, "450 ms", false],
      ["profile=kolla", 3, "4.00 s", true],
      ["profile=openstack-ansible", 3, "5.30 s", true],
    ],
  );
  for (const {dots, mark, middle} of comparison!.strips)
    for (const place of [...dots.map(d => d.left), mark!, middle]) t.true(place > 0 && place <= 100);
  t.is(comparison!.ticks[0]!.text, "0");
  t.true(comparison!.ticks.length >= 4 && comparison!.ticks.every(tick => tick.left <= 100));
});
