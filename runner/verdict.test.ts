import test from "ava";
import type {Standstill} from "../lib/analysis/standstills.ts";
import type {BudgetResult, WorkloadResult} from "../lib/result.ts";
import {readScenario} from "./scenario/read.ts";
import type {Scenario} from "./scenario/scenario.ts";
import {type Found, judge} from "./verdict.ts";

const scenario = (outage: string) =>
  readScenario(
    "x/y.yaml",
    `{summary: A test., stack: lab, load: {rows: {workload: sql-append, endpoint: sql}}, verdict: {outage: {rows: ${outage}}}}`,
  );
const budget = (ms: number, measured?: number): BudgetResult => ({
  workload: "rows",
  fault: "kill galera writer",
  ms,
  terms: [
    {name: "suspect timeout", ms: 1000},
    {name: "next look for silence", ms: ms - 1000, upTo: true},
  ],
  ...(measured === undefined ? {} : {measured}),
});
const found = (longestOutageMs: number, budgets: BudgetResult[]): Found => ({
  workloads: {rows: {longestOutageMs} as WorkloadResult},
  histories: {rows: {operations: [{client: 0, kind: "append", due: 0, sent: 0, done: 0, outcome: "ok"}]}},
  faults: [],
  moved: [],
  twoHoldersMs: {},
  evictions: {},
  primaries: {},
  budgets,
  excuses: {},
  troubles: [],
});

const load = (more: Partial<WorkloadResult>) =>
  ({longestOutageMs: 100, failed: 0, unknown: 0, ...more}) as WorkloadResult;
const failing: Found["histories"] = {
  rows: {operations: [{client: 0, kind: "append", due: 0, sent: 0, done: 0, outcome: "failed"}]},
};

test("the word budget is the largest budget of the workload", t => {
  const judged = judge(scenario("budget"), found(1900, [budget(1200, 700), budget(2000, 1900)]));
  t.is(judged.verdict, "pass");
  t.like(judged.bounds[0], {bound: "outage rows", limit: 2000, measured: 1900, verdict: "pass"});
});

test("an outage above its budget fails, however loose the bound", t => {
  const judged = judge(scenario("30s"), found(2500, [budget(1200, 2500)]));
  t.is(judged.verdict, "fail");
  t.deepEqual(judged.reasons, [
    "`kill galera writer` made an outage of 2.50 s for rows; the configuration allows 1.20 s (suspect timeout: 1 s; next look for silence: up to 200 ms).",
  ]);
});

test("a figure beside its limit has digits enough to differ", t => {
  const one = scenario("30s");
  const bounds = {...one.bounds, hitRate: {rows: 0.99}};
  const judged = judge({...one, bounds}, {...found(100, []), workloads: {rows: load({hitRate: 0.9876})}});
  t.deepEqual(judged.reasons, ["`hitRate rows` is 0.988; the limit is 0.990."]);
  const late = judge(scenario("3s"), found(3000.4, []));
  t.deepEqual(late.reasons, ["`outage rows` is 3.0004 s; the limit is 3.0000 s."]);
  const over = judge(scenario("30s"), found(1200.4, [budget(1200, 1200.4)]));
  t.regex(over.reasons[0]!, /made an outage of 1\.2004 s for rows; the configuration allows 1\.2000 s/);
});

test("where the bound is the budget it is said once", t => {
  const judged = judge(scenario("budget"), found(2500, [budget(1200, 2500)]));
  t.is(judged.bounds[0]!.verdict, "fail");
  t.is(judged.reasons.length, 1);
  t.regex(judged.reasons[0]!, /the configuration allows 1\.20 s/);
});

test("where the machine took more than it is given, the reason says so", t => {
  const slow = {...budget(1200, 2500), before: 900};
  t.regex(
    judge(scenario("30s"), found(2500, [slow])).reasons[0]!,
    /The machine alone made one of 900 ms before the fault, and is given 500 ms\.$/,
  );
});

test("a budget that nothing was measured for says nothing", t => {
  t.is(judge(scenario("30s"), found(2500, [budget(1200)])).verdict, "pass");
});

test("the word without any budget is unknown, never a pass", t => {
  const judged = judge(scenario("budget"), found(100, []));
  t.is(judged.verdict, "unknown");
  t.deepEqual(judged.reasons, ["`outage rows` could not be measured."]);
});

/** Bounds on what members did. */
const ofMembers: [what: string, bounds: Partial<Scenario["bounds"]>, more: Partial<Found>, verdict: string][] = [
  ["two holders for a moment", {holders: {vip: 1000}}, {twoHoldersMs: {vip: 999}}, "pass"],
  ["two holders for too long", {holders: {vip: 1000}}, {twoHoldersMs: {vip: 1001}}, "fail"],
  ["nobody was seen to hold it", {holders: {vip: 1000}}, {twoHoldersMs: {}}, "unknown"],
  ["two holders were to be seen, and were", {twoHolders: ["vip"]}, {twoHoldersMs: {vip: 1}}, "pass"],
  ["two holders were to be seen, and were not", {twoHolders: ["vip"]}, {twoHoldersMs: {vip: 0}}, "fail"],
  ["two holders were to be seen, and nobody could look", {twoHolders: ["vip"]}, {twoHoldersMs: {}}, "unknown"],
  ["a role that stays", {stays: [{component: "galera", pick: "writer"}]}, {moved: [0]}, "pass"],
  ["a role that moved", {stays: [{component: "galera", pick: "writer"}]}, {moved: [1]}, "fail"],
  [
    "a role that nobody was found to have",
    {stays: [{component: "galera", pick: "writer"}]},
    {moved: [undefined]},
    "unknown",
  ],
  ["errors up to the bound", {errors: {rows: 1}}, {workloads: {rows: load({failed: 1})}}, "pass"],
  [
    "errors above it, unknown ones among them",
    {errors: {rows: 1}},
    {workloads: {rows: load({failed: 1, unknown: 1})}},
    "fail",
  ],
  ["a hit rate that is reached", {hitRate: {rows: 0.9}}, {workloads: {rows: load({hitRate: 0.9})}}, "pass"],
  ["a hit rate that is not", {hitRate: {rows: 0.9}}, {workloads: {rows: load({hitRate: 0.89})}}, "fail"],
  ["a hit rate that could not be known", {hitRate: {rows: 0.9}}, {}, "unknown"],
  ["no error after healing", {errorsAfterHeal: {rows: 0}}, {healedAt: 0}, "pass"],
  ["an error after healing", {errorsAfterHeal: {rows: 0}}, {healedAt: -1, histories: failing}, "fail"],
  ["an error before healing", {errorsAfterHeal: {rows: 0}}, {healedAt: 1, histories: failing}, "pass"],
  ["never healed", {errorsAfterHeal: {rows: 0}}, {}, "unknown"],
];
for (const [what, bounds, more, verdict] of ofMembers)
  test(`bounds: ${what}`, t => {
    const one = scenario("30s");
    const judged = judge({...one, bounds: {...one.bounds, ...bounds}}, {...found(100, []), ...more});
    t.is(judged.verdict, verdict as never, judged.reasons.join(" "));
  });

const losing = (lost: number | undefined, more: Partial<Scenario>) => {
  const one = found(100, []);
  const counted = lost === undefined ? {} : {lost};
  return judge({...scenario("30s"), ...more}, {...one, workloads: {rows: {...one.workloads.rows!, ...counted}}});
};
const knownLoss = (most?: number) => ({
  anomalies: [{workload: "rows", anomaly: "lost", because: "A reason.", ...(most === undefined ? {} : {most})}],
});
for (const [what, lost, more, verdict] of [
  ["nothing lost, nothing said of it", 0, {}, "pass"],
  ["a loss that nobody said anything of", 1, {}, "fail"],
  ["a workload that does not count losses", undefined, {}, "pass"],
  ["a known loss", 1000, knownLoss(), "pass"],
  ["a known loss up to its limit", 256, knownLoss(256), "pass"],
  ["a known loss above its limit", 257, knownLoss(256), "fail"],
  ["a known loss that could not be looked for", undefined, knownLoss(256), "unknown"],
] as const)
  test(`what was acknowledged: ${what}`, t => {
    const judged = losing(lost, more as Partial<Scenario>);
    t.is(judged.verdict, verdict, judged.reasons.join(" "));
  });

for (const [measured, verdict] of [
  [0, "fail"],
  [1, "pass"],
  [2, "fail"],
  [undefined, "unknown"],
] as const)
  test(`one eviction was asked for: ${measured}`, t => {
    const one = scenario("30s");
    const bounds = {...one.bounds, evictions: {galera: 1}};
    const judged = judge({...one, bounds}, {...found(100, []), evictions: {galera: measured}});
    t.is(judged.verdict, verdict);
  });

test("two primary components fail whatever the scenario asks for; not known is no pass", t => {
  const split = judge(scenario("30s"), {...found(100, []), primaries: {galera: 2}});
  t.is(split.verdict, "fail");
  t.regex(split.reasons.join(), /`primaries galera` is 2; the limit is 1\./);
  t.is(judge(scenario("30s"), {...found(100, []), primaries: {galera: undefined}}).verdict, "unknown");
  t.is(judge(scenario("30s"), {...found(100, []), primaries: {galera: 1}}).verdict, "pass");
});

/** One client without an acknowledgement from 1000 to 3000, and what the machine stood still meanwhile. */
const waited = (standstills: readonly Standstill[], budgets: BudgetResult[] = []): Found => {
  const dones = [...Array(51).keys()].map(i => i * 20).concat([...Array(50).keys()].map(i => 3000 + i * 20));
  const operations = dones.map(done => ({
    client: 0,
    kind: "append",
    due: done,
    sent: done,
    done,
    outcome: "ok" as const,
  }));
  return {...found(2000, budgets), histories: {rows: {operations, from: 0, to: 3980}}, excuses: {rows: standstills}};
};
const loaded = (bounds: string) =>
  readScenario(
    "x/y.yaml",
    `{summary: A test., stack: lab, load: {rows: {workload: sql-append, endpoint: sql, clients: 1, rate: 50/s}}, verdict: {outage: {rows: ${bounds}}}}`,
  );
const still = (from: number, to: number) => [{of: "disk" as const, from, to}];

const excuses: [what: string, limit: string, found: Found, verdict: string, reason: RegExp][] = [
  [
    "longer by what the machine stood still",
    "1s",
    waited(still(1500, 2700)),
    "unknown",
    /stood still for 1\.20 s of it/,
  ],
  [
    "longer by more than that",
    "1s",
    waited(still(1500, 2400)),
    "fail",
    /the limit is 1\.00 s.*stood still for 900 ms of it/,
  ],
  ["the machine stood still at another time", "1s", waited(still(3100, 3900)), "fail", /limit is 1\.00 s\.$/],
  [
    "over its budget by what the machine stood still",
    "30s",
    waited([], [{...budget(1200, 2000), apart: 900}]),
    "unknown",
    /made an outage of 2\.00 s .*The machine itself stood still for 1\.10 s of it/,
  ],
  ["over its budget by more", "30s", waited([], [{...budget(1200, 2000), apart: 1201}]), "fail", /for 799 ms of it/],
  [
    "over the budget that is its bound, by what the machine stood still",
    "budget",
    waited(still(1500, 2600), [{...budget(1200, 2000), apart: 900}]),
    "unknown",
    /^`kill galera writer` made an outage/,
  ],
];
for (const [what, limit, seen, verdict, reason] of excuses)
  test(`an outage that is ${what}: ${verdict}`, t => {
    const judged = judge(loaded(limit), seen);
    t.is(judged.verdict, verdict as never, judged.reasons.join(" "));
    t.is(judged.reasons.length, 1);
    t.regex(judged.reasons[0]!, reason);
    t.is(judged.machineAlone, verdict === "unknown" ? true : undefined);
  });

/** Three that failed, at 1500, 2500 and 3500. */
const threeFailed = (standstills: readonly Standstill[]): Found => {
  const some = waited(standstills);
  const operations = some.histories.rows!.operations.concat(
    [1500, 2500, 3500].map(at => ({
      client: 1,
      kind: "append",
      due: at,
      sent: at,
      done: at + 50,
      outcome: "failed" as const,
    })),
  );
  const rows = {...some.workloads.rows!, failed: 2, unknown: 1};
  return {...some, workloads: {rows}, histories: {rows: {...some.histories.rows!, operations}}};
};
const erring = (limit: number) =>
  readScenario(
    "x/y.yaml",
    `{summary: A test., stack: lab, load: {rows: {workload: sql-append, endpoint: sql, clients: 1, rate: 50/s}}, verdict: {errors: {rows: ${limit}}}}`,
  );

for (const [what, limit, standstills, verdict, reason] of [
  ["within the limit", 3, [], "pass", undefined],
  ["over it", 0, [], "fail", /^`errors rows` is 3; the limit is 0\.$/],
  ["over it by those of a standstill", 1, still(1400, 1520), "unknown", /stood still at 2 of them/],
  ["over it by those of the second after one", 2, still(700, 820), "unknown", /stood still at 1 of them/],
  ["over it by others too", 0, still(1400, 1520), "fail", /is 3; the limit is 0\. .*stood still at 2 of them/],
] as const)
  test(`errors that are ${what}: ${verdict}`, t => {
    const judged = judge(erring(limit), threeFailed(standstills));
    t.is(judged.verdict, verdict);
    if (reason) t.regex(judged.reasons.join(), reason);
    t.is(judged.machineAlone, verdict === "unknown" ? true : undefined);
  });

test("a run is unknown for the machine alone only where nothing else is wrong", t => {
  const seen = waited(still(1500, 2700));
  const alone = (limit: string, more: Partial<Found> = {}) => judge(loaded(limit), {...seen, ...more}).machineAlone;
  t.true(alone("1s"));
  t.is(alone("1s", {troubles: ["The engine did not answer."]}), undefined);
  t.is(alone("1s", {primaries: {galera: 2}}), undefined);
  t.is(alone("3s"), undefined, "a pass");
});

test("long runs are judged too", t => {
  const operations = Array.from({length: 300_000}, (_, i) => ({
    client: 0,
    kind: "append",
    due: i * 20,
    sent: i * 20,
    done: i * 20 + (i > 150_000 ? 1500 : 0),
    outcome: "ok" as const,
  }));
  const long = {...waited([]), histories: {rows: {operations, from: 0, to: 300_000 * 20 + 1500}}};
  const standstills = Array.from({length: 2000}, (_, i) => still(i * 3000, i * 3000 + 150)[0]!);
  t.is(judge(loaded("1s"), {...long, excuses: {rows: standstills}}).verdict, "fail");
});

test("what the machine stood still excuses nothing but outages, and is not mentioned where the bound holds", t => {
  const all = still(0, 4000);
  t.deepEqual(judge(loaded("3s"), waited(all)).reasons, []);
  const lost = {...waited(all), workloads: {rows: load({lost: 1, longestOutageMs: 20})}};
  t.is(judge(loaded("3s"), lost).verdict, "fail");
});
