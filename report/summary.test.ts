import test from "ava";
import type {Result} from "../lib/result.ts";
import {textWidth} from "../lib/terminal.ts";
import {sampleCache, sampleFailure, sampleResult} from "./sample.ts";
import {summarise} from "./summary.ts";
import {overall, summariseMany} from "./summary-many.ts";
import {showRecovered} from "./words.ts";

const report = ".holdfast/runs/2026-11-23T19-00-00/zone-lost/report.html";

test("what a summary says", t => {
  const text = summarise(sampleResult(), {width: 80, colour: false, report});
  for (const part of [
    "✓ PASS  zone/lost",
    "seed 20261123",
    "outage rows",
    "≤ 3.50 s",
    "9.30 s",
    "seen after 180 ms",
    report,
  ]) {
    t.true(text.includes(part), part);
  }
  t.false(text.includes("\u001b"));
  t.true(summarise(sampleResult(), {width: 80, colour: true}).includes("\u001b["));
});

test("a failed run says why", t => {
  const result = sampleFailure();
  const text = summarise(result, {width: 200, colour: false});
  t.true(text.startsWith("✗ FAIL  galera/writer-paused"));
  for (const part of [...result.reasons, "not shown to have taken effect", "not known", "no, changes are left"]) {
    t.true(text.includes(part), part);
  }
});

test("no line is wider than the screen", t => {
  const results = [sampleResult({scenario: `galera/${"long-".repeat(20)}name`}), sampleFailure(), sampleCache()];
  for (let width = 40; width <= 140; width++) {
    const texts = results.map(result => summarise(result, {width, colour: true, report}));
    for (const line of [...texts, summariseMany(results, {width, colour: true, report})].join("\n").split("\n")) {
      t.true(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

test("text from a run cannot steer the terminal", t => {
  const evil = "x\u001b[2J\u001b]0;title\u0007\r\ny";
  const result = sampleResult({summary: evil, reasons: [evil], command: evil, stack: evil, scenario: evil});
  result.faults[0]!.evidence = evil;
  result.workloads.rows!.outages[0]!.errors = {[evil]: 3};
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  t.notRegex(summarise(result, {width: 80, colour: false}), /[\u0000-\u0009\u000b-\u001f]/);
});

test("an empty run has a summary", t => {
  const empty = sampleResult({workloads: {}, bounds: [], faults: [], members: [], phases: [], verdict: "unknown"});
  t.true(summarise(empty, {width: 80, colour: false}).includes("none"));
  t.is(overall([]), "unknown");
  t.true(summariseMany([], {width: 80, colour: false}).includes("0 runs"));
});

test("several runs, the worst counts", t => {
  const results = [sampleResult(), sampleFailure(), sampleCache()];
  t.is(overall(results), "fail");
  t.true(summariseMany(results, {width: 80, colour: false}).includes("3 runs: 2 pass, 1 fail"));
});

test("anomalies, known ones and budgets are told", t => {
  const text = summarise(sampleFailure(), {width: 100, colour: false});
  for (const part of [
    "rows, lost-update: A write was made from a version",
    "rows, lost-update: seen 1 time. Known: Galera 4",
    "jobs, duplicates: not in this run",
    "jobs, lost: could not be looked for",
    "5.21 s  2.95 s",
  ]) {
    t.true(text.replaceAll(/\s*\n\s+/g, " ").includes(part), part);
  }
  t.false(summarise(sampleCache(), {width: 100, colour: false}).includes("Budgets"));
});

test("what was started again though no fault hit it is told, and nothing where nothing was", t => {
  const said = (change: Partial<Result>) => summarise({...sampleResult(), ...change}, {width: 100, colour: false});
  const restarts = [
    {member: "galera-1", process: "watcher"},
    {member: "galera-2", process: "main"},
    {member: "galera-2", process: "answerer"},
  ];
  t.regex(said({restarts}), /^ {2}Restarts +galera-1 \(watcher\), galera-2 \(main, answerer\), which no fault hit$/m);
  t.notRegex(said({restarts: []}), /Restarts/);
  t.notRegex(said({}), /Restarts/);
});

test("recovery: how long, that there was none, that it is not known, or that nothing had to recover", t => {
  const {recoveredMs: _, ...never} = sampleResult();
  const bound = (verdict: "fail" | "unknown") => [{bound: "recovered", limit: 1, unit: "ms" as const, verdict}];
  t.is(showRecovered({...never, recoveredMs: 2000}), "2.00 s");
  t.is(showRecovered({...never, bounds: bound("fail")}), "not healthy again");
  t.is(showRecovered({...never, bounds: bound("unknown")}), "not known");
  t.is(showRecovered({...never, faults: [], bounds: bound("unknown")}), "not known");
  t.is(showRecovered({...never, faults: [], bounds: []}), "not applicable");
  t.regex(summarise({...never, faults: [], bounds: []}, {width: 100, colour: false}), /Recovered +not applicable/);
});

test("a figure beside its limit has digits enough to differ", t => {
  const bounds = [
    {bound: "hitRate rows", limit: 0.99, measured: 0.98996, unit: "ratio" as const, verdict: "fail" as const},
    {bound: "outage rows", limit: 3000, measured: 3000.4, unit: "ms" as const, verdict: "fail" as const},
  ];
  const text = summarise({...sampleResult(), bounds}, {width: 110, colour: false});
  t.regex(text, /hitRate rows +98\.996 % +≥ 99\.000 %/);
  t.regex(text, /outage rows +3\.0004 s +≤ 3\.0000 s/);
});
