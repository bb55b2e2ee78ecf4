import test from "ava";
import type {FaultResult} from "../../lib/result.ts";
import {budgetTopology} from "../../test/budget-topology.ts";
import {checkScenario} from "../scenario/check.ts";
import {readScenario} from "../scenario/read.ts";
import type {Scenario} from "../scenario/scenario.ts";
import {besideMeasured, budgetsOf, type PlannedBudget} from "./scenario.ts";

const topology = budgetTopology();
/** A scenario with SQL and AMQP clients. */
const scenario = (faults: string, outage = "{}", load = "timeout: 3s") =>
  readScenario(
    "x/y.yaml",
    `summary: A test.
stack: lab
load:
  rows: {workload: sql-append, endpoint: sql, clients: 4, rate: 200/s, ${load}}
  orders: {workload: amqp-confirm, endpoint: amqp, clients: 4, rate: 200/s}
faults: [${faults}]
verdict:
  outage: ${outage}
`,
  );
const at = (seconds: number, fault: string) => `{at: ${seconds}s, for: 5s, ${fault}}`;
const kill = "kill: {component: galera, pick: writer}";

const planned: [what: string, faults: string, budgets: [workload: string, asked: string, ms: number | RegExp][]][] = [
  ["none without a fault", "", []],
  ["a fault touches who depends on it", at(5, kill), [["rows", "kill galera writer", 2190]]],
  [
    "a crash of one process",
    "{at: 5s, crash: {component: vip, pick: holder, process: keepalived}}",
    [
      ["rows", "crash vip holder (keepalived)", 1171],
      ["orders", "crash vip holder (keepalived)", 1171],
    ],
  ],
  ["a pause", at(5, "pause: {component: rabbitmq, pick: leader}"), [["orders", "pause rabbitmq leader", 9790]]],
  [
    "an orderly stop of who does not write",
    at(5, "stop: {component: galera, pick: reader}"),
    [["rows", "stop galera reader", 940]],
  ],
  [
    "a zone",
    at(5, "kill: {zone: c}"),
    [
      ["rows", "kill zone c", 2190],
      ["orders", "kill zone c", 1390],
    ],
  ],
  [
    "the zone of a role: any that has it",
    at(5, "kill: {zone: {of: {component: vip, pick: holder}}}"),
    [
      ["rows", "kill the zone of vip holder", 2190],
      ["orders", "kill the zone of vip holder", 1640],
    ],
  ],
  ["a proxy without the address is on nobody's way", at(5, "kill: {component: vip, pick: backup}"), []],
  ["a cache is on nobody's way", at(5, "kill: {component: memcached, pick: random}"), []],
  ["one after the other", `${at(5, kill)}, ${at(30, kill)}`, [["rows", "kill galera writer", 2190]]],
  [
    "a process that hangs inside a member",
    at(5, "process: {component: vip, pick: holder, name: haproxy, signal: STOP}"),
    [
      ["rows", "process vip holder (haproxy, STOP)", 1790],
      ["orders", "process vip holder (haproxy, STOP)", 1790],
    ],
  ],
  [
    "a member cut off",
    at(5, "partition: {component: galera, pick: writer}"),
    [["rows", "partition galera writer", 2190]],
  ],
  ["a member cut off from some alone", at(5, "partition: {component: galera, pick: writer, from: peers}"), []],
  ["a restart", "{at: 5s, restart: {component: galera, pick: writer}}", [["rows", "restart galera writer", 1090]]],
  [
    "all of a component",
    at(5, "kill: {component: galera, pick: all}"),
    [["rows", "kill galera", /3 of 3 members of galera take its quorum/]],
  ],
  [
    "everything",
    at(5, "kill: {all: true}"),
    [
      ["rows", "kill everything", /take its quorum|nobody serves/],
      ["orders", "kill everything", /take its quorum|nobody serves/],
    ],
  ],
  [
    "one after the other is healed",
    `{name: first, at: 5s, for: 5s, ${kill}}, {after: {fault: first, is: recovered}, for: 5s, pause: {component: vip, pick: holder}}`,
    [
      ["rows", "kill galera writer", 2190],
      ["rows", "pause vip holder", 3540],
      ["orders", "pause vip holder", 3540],
    ],
  ],
  [
    "one that begins with another",
    `{name: first, at: 5s, for: 5s, ${kill}}, {after: {fault: first, is: injected}, for: 5s, kill: {component: vip, pick: holder}}`,
    [
      ["rows", "kill galera writer", /`kill vip holder` is in force/],
      ["rows", "kill vip holder", /`kill galera writer` is in force/],
      ["orders", "kill vip holder", /`kill galera writer` is in force/],
    ],
  ],
  [
    "one that begins while the member of the other is on its way back",
    `{name: first, at: 5s, for: 5s, ${kill}}, {after: {fault: first, is: healed}, for: 5s, kill: {component: vip, pick: holder}}`,
    [
      ["rows", "kill galera writer", /`kill vip holder` is in force/],
      ["rows", "kill vip holder", /`kill galera writer` is in force/],
      ["orders", "kill vip holder", /`kill galera writer` is in force/],
    ],
  ],
  [
    "two that wait for the same one",
    `{name: first, at: 5s, for: 5s, pause: {component: web, member: web-0}}, {after: {fault: first, is: recovered}, for: 5s, ${kill}}, {after: {fault: first, is: recovered, wait: 2s}, for: 5s, kill: {component: vip, pick: holder}}`,
    [
      ["rows", "kill galera writer", /`kill vip holder` is in force/],
      ["rows", "kill vip holder", /`kill galera writer` is in force/],
      ["orders", "kill vip holder", /`kill galera writer` is in force/],
    ],
  ],
  [
    "two at the same time",
    `${at(5, kill)}, ${at(7, "pause: {component: vip, pick: holder}")}`,
    [
      ["rows", "kill galera writer", /`pause vip holder` is in force/],
      ["rows", "pause vip holder", /`kill galera writer` is in force/],
      ["orders", "pause vip holder", /`kill galera writer` is in force/],
    ],
  ],
];
for (const [what, faults, budgets] of planned) {
  test(`budgets of a scenario: ${what}`, t => {
    const found = budgetsOf(scenario(faults), topology);
    t.deepEqual(
      found.map(f => [f.workload, f.asked]),
      budgets.map(([workload, asked]) => [workload, asked]),
    );
    for (const [i, [, , ms]] of budgets.entries()) {
      if (typeof ms === "number") t.is(found[i]!.budget?.ms, ms);
      else t.regex(found[i]!.because!, ms);
    }
  });
}

test("how a client waits comes from its load", t => {
  const paused = at(5, "pause: {component: vip, pick: holder}");
  const [patient] = budgetsOf(scenario(paused, "{}", "timeout: 7s"), topology);
  t.is(patient!.budget!.terms[0]!.ms, 7000);
  const [slow] = budgetsOf(
    scenario(at(5, "kill: {component: vip, pick: holder}"), "{}", "connectTimeout: 2s"),
    topology,
  );
  t.true(slow!.budget!.terms.some(term => term.name === "connection attempt under way" && term.ms === 2000));
});

const bounds: [what: string, faults: string, outage: string, refused: RegExp | undefined][] = [
  ["the word", at(5, kill), "{rows: budget}", undefined],
  ["a time above it", at(5, kill), "{rows: 2.2s}", undefined],
  [
    "a time below it",
    at(5, kill),
    "{rows: 2s}",
    /x\/y\.yaml:8: `verdict\.outage\.rows` is 2\.00 s, below the budget: `kill galera writer` may take 2\.19 s .*suspect timeout: 1 s; next look.*Write `budget`/,
  ],
  ["a time above the return", at(5, "pause: {component: galera, pick: reader}"), "{rows: 2.7s}", undefined],
  [
    "a time below the return",
    at(5, "pause: {component: galera, pick: reader}"),
    "{rows: 2.5s}",
    /2\.50 s, below the budget: the return after `pause galera reader` may take 2\.69 s .*suspect timeout: 1 s; 3 x join/,
  ],
  ["a time where nothing is touched", at(5, kill), "{orders: 100ms}", undefined],
  [
    "the word where nothing is touched",
    at(5, kill),
    "{orders: budget}",
    /`verdict\.outage\.orders` is "budget", and no fault that has one is on the way of orders\. Write a time/,
  ],
  ["the word without a fault", "", "{rows: budget}", /no fault that has one/],
  [
    "the word where the quorum is lost",
    at(5, "kill: {component: galera, pick: writer}"),
    "{rows: budget}",
    /has none: 1 of 2 members of galera take its quorum/,
  ],
  ["a time where the quorum is lost", at(5, kill), "{rows: 30s}", undefined],
];
for (const [what, faults, outage, refused] of bounds) {
  test(`an outage bound: ${what}, ${outage}`, t => {
    const stack = what.includes("quorum") ? budgetTopology({}, {galera: 2}) : topology;
    const check = () => checkScenario(scenario(faults, outage), stack);
    if (refused) t.regex(t.throws(check)!.message, refused);
    else t.notThrows(check);
  });
}

test("a random schedule has budgets too, as its seed makes it", t => {
  const among = [{kind: "pause", params: {}, component: "rabbitmq"}];
  const chaos = {everyMs: 20_000, forMs: 60_000, lastsMs: 10_000, among};
  const random = (outage: string): Scenario => ({...scenario("", outage), chaos});
  t.throws(() => checkScenario(random("{orders: 2s}"), topology), {
    message: /`verdict\.outage\.orders` is 2\.00 s, below the budget: `pause rabbitmq rabbitmq-\d` may take 9\.79 s/,
  });
  t.notThrows(() => checkScenario(random("{orders: 20s}"), topology));
  t.notThrows(() => checkScenario(random("{rows: 100ms}"), topology), "rows have nothing to do with it");
});

const fault = (injected: number, confirmed: number | undefined = injected): FaultResult => ({
  fault: "kill",
  asked: "kill galera writer",
  members: ["galera-0"],
  injected,
  ...(confirmed === undefined ? {} : {confirmed}),
});
/** Client 0 goes without an acknowledgement from 5000 to 6500 and from 30000 to 30700; the others never do. */
const operations = Array.from({length: 4 * 2000}, (_, i) => {
  const done = Math.floor(i / 4) * 20;
  const gap = i % 4 === 0 && ((done > 5000 && done < 6500) || (done > 30_000 && done < 30_700));
  return {
    client: i % 4,
    kind: "append",
    due: done,
    sent: done,
    done,
    outcome: gap ? ("failed" as const) : ("ok" as const),
  };
});
const histories = (trouble?: string) => ({rows: {operations, from: 0, to: 40_000, ...(trouble ? {trouble} : {})}});

test("each fault has the longest outage from then on until the next", t => {
  const two = scenario(`${at(5, kill)}, ${at(30, kill)}`);
  const found = besideMeasured(budgetsOf(two, topology), {
    load: two.load,
    faults: [fault(5000), fault(29_990)],
    excuses: {},
    histories: histories(),
  });
  t.deepEqual(
    found.map(b => [b.workload, b.ms, b.measured, b.before]),
    [
      ["rows", 2190, 1500, 20],
      ["rows", 2190, 700, 20],
    ],
  );
});

test("nothing is measured for a fault that was not seen, nor by a client that died", t => {
  const one = scenario(at(5, kill));
  const budgets = budgetsOf(one, topology);
  const measured = (faults: FaultResult[], trouble?: string) =>
    besideMeasured(budgets, {load: one.load, faults, histories: histories(trouble), excuses: {}}).map(b => b.measured);
  t.deepEqual(measured([{...fault(5000), confirmed: undefined}]), [undefined]);
  t.deepEqual(measured([fault(5000)], "It died."), [undefined]);
  t.deepEqual(measured([]), [undefined]);
});

test("an outage over its budget is also told without what the machine stood still of it", t => {
  const one = scenario(at(5, kill));
  const short: PlannedBudget[] = budgetsOf(one, topology).map(b => ({
    ...b,
    budget: b.budget && {...b.budget, ms: 1000},
  }));
  const about = {load: one.load, faults: [fault(5000)], histories: histories()};
  const apart = (planned: PlannedBudget[], from: number, to: number) =>
    besideMeasured(planned, {...about, excuses: {rows: [{of: "disk", from, to}]}}).map(b => b.apart);
  t.deepEqual(apart(short, 5100, 5900), [700]);
  t.deepEqual(apart(short, 5100, 6900), [700], "then the other outage is the longest");
  t.deepEqual(apart(short, 12_000, 13_000), [undefined], "it was at another time");
  t.deepEqual(apart(budgetsOf(one, topology), 5100, 5900), [undefined], "it is within its budget");
});

test("what a return costs is told apart from what the fault cost", t => {
  const two = scenario(`${at(5, kill)}, ${at(40, kill)}`);
  const afterHeal = (...faults: FaultResult[]) =>
    besideMeasured(budgetsOf(two, topology), {load: two.load, faults, histories: histories(), excuses: {}}).map(b => [
      b.measured,
      b.afterHeal,
    ]);
  t.deepEqual(afterHeal({...fault(5000), healed: 20_000}), [[1500, 700]]);
  t.deepEqual(afterHeal({...fault(5000), healed: 6000}), [[1500, 1500]], "it lasted into the return");
  t.deepEqual(afterHeal({...fault(5000), healed: 35_000}), [[1500, 20]]);
  t.deepEqual(afterHeal(fault(5000)), [[1500, undefined]]);
  t.deepEqual(
    afterHeal({...fault(5000), healed: 32_000}, {...fault(31_000), healed: 33_000}),
    [
      [1500, undefined],
      [20, 20],
    ],
    "the next came before",
  );
});

test("the return of a member that was silent has a budget of its own, against what lies after the healing", t => {
  const one = scenario(at(5, "pause: {component: galera, pick: reader}"));
  const planned = budgetsOf(one, topology);
  const paused = (injected: number, healed?: number): FaultResult => ({
    ...fault(injected),
    asked: "pause galera reader",
    ...(healed === undefined ? {} : {healed}),
  });
  const rows = (...faults: FaultResult[]) =>
    besideMeasured(planned, {load: one.load, faults, histories: histories(), excuses: {}}).map(b => [
      b.fault,
      b.ms,
      b.measured,
      b.afterHeal,
    ]);
  const [failure, back] = ["pause galera reader", "return after pause galera reader"];
  t.deepEqual(rows(paused(5000, 20_000)), [
    [failure, 2190, 1500, undefined],
    [back, 2690, 700, undefined],
  ]);
  t.deepEqual(
    rows(paused(5000, 5600)),
    [
      [failure, 2190, 600, undefined],
      [back, 2690, 900, undefined],
    ],
    "the outage is cut at the healing",
  );
  t.deepEqual(
    rows({...paused(5000, 6000), healing: 5100}),
    [
      [failure, 2190, 100, undefined],
      [back, 2690, 1400, undefined],
    ],
    "the healing takes time itself",
  );
  t.deepEqual(rows(paused(5000)), [[failure, 2190, 1500, undefined]], "it was not healed");
  t.deepEqual(
    rows(paused(5000, 32_000), paused(31_000, 33_000)),
    [
      [failure, 2190, 1500, undefined],
      [failure, 2190, 20, undefined],
      [back, 2690, 20, undefined],
    ],
    "the next came before",
  );
});
