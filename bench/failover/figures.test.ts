import test from "ava";
import type {Result} from "../../lib/result.ts";
import {type FailoverRun, ratios, reached, spreads} from "./figures.ts";
import {planOf, remainingMs} from "./plan.ts";
import type {Profile} from "./profile.ts";
import {failedRun, runOf} from "./run.ts";

const run = (profile: string, outageMs: number | undefined, more: Partial<FailoverRun> = {}): FailoverRun => ({
  profile,
  fault: "f",
  number: 1,
  began: "2026-01-01T00:00:00.000Z",
  verdict: "pass",
  reasons: [],
  outageMs,
  acknowledged: 10,
  lost: 0,
  ...more,
});

test("least, median and most; a run that measured nothing counts as not passed alone", t => {
  const [spread] = spreads([
    run("p", 400),
    run("p", 100, {lost: 1, verdict: "fail"}),
    run("p", undefined, {verdict: "error", acknowledged: undefined, lost: undefined}),
    run("p", 200),
    run("p", 300, {untilHealed: true}),
  ]);
  t.deepEqual(spread, {
    ...{profile: "p", fault: "f", runs: 4, notPassed: 2, min: 100, median: 250, max: 400, atLeast: true},
    ...{acknowledged: 40, lost: 1},
  });
  t.deepEqual(spreads([run("p", undefined)]), []);
});

test("a ratio is that of the medians, between the least and the most that the runs allow", t => {
  const all = spreads([
    run("holdfast", 100),
    run("holdfast", 200),
    run("holdfast", 400),
    run("peer", 1000),
    run("peer", 3000),
  ]);
  t.deepEqual(ratios(all), [{fault: "f", profile: "peer", median: 10, least: 2.5, most: 30, atLeast: false}]);
  t.deepEqual(ratios(spreads([run("peer", 1000)])), []);
});

test("a goal is reached, missed or not measured", t => {
  const found = ratios(spreads([run("holdfast", 100), run("peer", 600)]));
  t.true(reached({fault: "f", profile: "peer", times: 6}, found));
  t.false(reached({fault: "f", profile: "peer", times: 6.1}, found));
  t.is(reached({fault: "f", profile: "other", times: 1}, found), undefined);
});

const result = (more: object = {}) =>
  ({
    started: 0,
    seed: 7,
    verdict: "pass",
    reasons: [],
    phases: [{name: "heal", from: 20_000, to: 20_500}],
    workloads: {rows: {acknowledged: 50, lost: 0, longestOutageMs: 900, outages: [{from: 5000, to: 5900, ms: 900}]}},
    faults: [{confirmed: 5010, healed: 20_500}],
    ...more,
  }) as unknown as Result;
const key = {profile: "p", fault: "f", number: 2};

test("what is kept of a run", t => {
  t.like(runOf(key, result()), {...key, outageMs: 900, seed: 7, acknowledged: 50, lost: 0, verdict: "pass"});
  t.is(runOf(key, result()).untilHealed, undefined);
});

test("an outage that ends only with the healing is a lower bound", t => {
  const outages = [
    {from: 5000, to: 5300, ms: 300},
    {from: 5000, to: 20_100, ms: 15_100},
  ];
  const workloads = {rows: {acknowledged: 50, lost: 0, longestOutageMs: 15_100, outages}};
  t.true(runOf(key, result({workloads})).untilHealed);
});

test("without a fault that took effect, or an acknowledged operation, there is no outage to tell", t => {
  t.is(runOf(key, result({faults: [{injected: 5000}]})).outageMs, undefined);
  t.is(runOf(key, result({faults: []})).outageMs, undefined);
  const workloads = {rows: {acknowledged: 0, longestOutageMs: 30_000, outages: []}};
  t.is(runOf(key, result({workloads})).outageMs, undefined);
});

test("a run without a result keeps its reason", t => {
  t.like(failedRun(key, 0, new Error("no engine")), {...key, verdict: "error", reasons: ["no engine"]});
});

const profile = (name: string, faults: string[], restMs = 0) => ({name, faults, restMs}) as Profile;

test("profile by profile, in rounds over the faults that it has", t => {
  const plan = planOf([profile("a", ["x", "y"]), profile("b", ["y"])], ["y", "x"], 2);
  t.deepEqual(
    plan.map(one => `${one.profile} ${one.fault} ${one.number}`),
    ["a y 1", "a x 1", "a y 2", "a x 2", "b y 1", "b y 2"],
  );
});

test("the time that is left goes by what runs took, and by the scenario before the first", t => {
  const scenario = {durationMs: 15_000, faults: [{kind: "kill", atMs: 5000, forMs: 50_000}]} as never;
  const open = [
    {profile: "a", fault: "f", number: 2},
    {profile: "a", fault: "f", number: 3},
  ];
  const profiles = [profile("a", ["f"], 1000)];
  t.is(remainingMs(open, [], profiles, {f: scenario}), 150_000 + 2 * (55_000 + 25_000 + 1000));
  t.is(remainingMs(open, [run("b", 1, {tookMs: 60_000})], profiles, {f: scenario}), 150_000 + 2 * 61_000);
});
