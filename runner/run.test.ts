import {existsSync, readdirSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {Random} from "../lib/random.ts";
import type {Result} from "../lib/result.ts";
import type {Topology} from "../lib/topology.ts";
import {showLasted} from "../report/words.ts";
import {FakeTarget, type Mischief} from "../test/fake-target.ts";
import {fakeTopology} from "../test/fake-topology.ts";
import {temporaryFolder} from "../test/folder.ts";
import {Journal} from "./journal.ts";
import {type Snapshot, silent} from "./phases/progress.ts";
import {type RunOptions, runScenario} from "./run.ts";
import {readScenario} from "./scenario/read.ts";

const file = (fault: string, verdict: string, more = "") => `
summary: A member is hit.
stack: lab
duration: 300ms
${more}
load:
  # The budget of its fault follows from this: longer than the test itself may stand still on a busy machine.
  rows: {workload: sql-append, endpoint: memcached, clients: 2, rate: 200/s, timeout: 5s, connectTimeout: 5s}
faults: [${fault}]
verdict: {${verdict}}
`;
const killed = "{at: 100ms, for: 200ms, kill: {component: memcached, member: memcached-1}}";
const bounds = "outage: {rows: 5s}, lost: {rows: 0}, recovered: 5s";

interface Settings {
  fault?: string;
  verdict?: string;
  /** Further keys of the scenario. */
  more?: string;
  abortAtKill?: boolean;
  converge?: RunOptions["converge"];
  limit?: string;
  before?: (target: FakeTarget) => void;
  topology?: Topology;
  say?: (line: string) => void;
  seed?: number;
}

async function runWith(
  mischief: Mischief,
  {
    fault = killed,
    verdict = bounds,
    more = "",
    abortAtKill,
    converge,
    limit,
    before,
    topology = fakeTopology,
    say,
    seed = 7,
  }: Settings = {},
) {
  const seen: Snapshot[] = [];
  const target = new FakeTarget(mischief);
  before?.(target);
  const abort = new AbortController();
  if (abortAtKill) target.killed = () => abort.abort();
  const folder = temporaryFolder();
  const about = {run: "r1", scenario: "x/y", stack: "lab/lab", platform: "docker"} as const;
  const result = await runScenario({
    scenario: readScenario("x/y.yaml", file(fault, verdict, limit ? `limit: ${limit}\n${more}` : more)),
    topology,
    secrets: {app: "hunter2"},
    target,
    clientImage: "client",
    run: "r1",
    random: new Random(seed),
    journal: new Journal(folder, about),
    progress: {...silent, ...(say ? {say} : {}), look: snapshot => seen.push(structuredClone(snapshot))},
    signal: abort.signal,
    command: "./holdfast run x/y.yaml --seed 7",
    converge,
  });
  return {result, target, seen, journals: existsSync(folder) ? readdirSync(folder) : []};
}

const phases = (result: Result) => result.phases.map(p => p.name);

test("kill, heal, pass: phases in their order, fault confirmed and healed, journal gone", async t => {
  const {result, target, journals} = await runWith({}, {converge: async () => ({converged: true, detail: ""})});
  t.deepEqual(result.reasons, []);
  t.is(result.verdict, "pass");
  t.deepEqual(phases(result), ["ready", "load", "fault", "heal", "settle", "read", "verdict", "converge"]);
  t.deepEqual(target.log, ["burst memcached-1", "kill memcached-1", "start memcached-1", "remove holdfast-r1-rows"]);
  const [fault] = result.faults;
  t.deepEqual(fault!.members, ["memcached-1"]);
  t.true(fault!.confirmed! >= fault!.injected && fault!.healed! > fault!.confirmed!);
  t.regex(fault!.evidence!, /memcached-1: main and helper ended \(exit code 137\)/);
  t.true(result.recoveredMs! < 2000);
  t.true(result.converged);
  t.is(result.workloads.rows!.lost, 0);
  t.deepEqual(journals, []);
  t.deepEqual(
    result.bounds.map(b => [b.bound, b.verdict]),
    [
      ["outage rows", "pass"],
      ["lost rows", "pass"],
      ["recovered", "pass"],
    ],
  );
});

test("the budget of the fault is in the result, beside what was measured", async t => {
  const {result} = await runWith({}, {verdict: "outage: {rows: budget}, recovered: 5s"});
  t.is(result.verdict, "pass", result.reasons.join());
  const [budget] = result.budgets!;
  t.like(budget, {workload: "rows", fault: "kill memcached memcached-1"});
  t.is(
    budget!.ms,
    budget!.terms.reduce((sum, term) => sum + term.ms, 0),
  );
  t.true(budget!.measured! > 0 && budget!.measured! < budget!.ms);
  t.is(result.bounds[0]!.limit, budget!.ms);
});

test("crash needs no healing and is confirmed by a new incarnation", async t => {
  const {result, target} = await runWith(
    {},
    {fault: "{at: 100ms, crash: {component: memcached, member: memcached-0, process: helper}}"},
  );
  t.is(result.verdict, "pass", result.reasons.join());
  t.true(target.log.includes("burst memcached-0"));
  t.regex(result.faults[0]!.evidence!, /helper was started again by the platform/);
});

test("a whole zone is hit at once", async t => {
  const {result} = await runWith({}, {fault: "{at: 50ms, for: 100ms, pause: {zone: b}}"});
  t.is(result.verdict, "pass", result.reasons.join());
  t.deepEqual(result.faults[0]!.members, ["memcached-1"]);
});

test("a client that dies makes the verdict unknown, with its last words", async t => {
  const {result, target} = await runWith({clientDiesAfter: 20});
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /exit code 1; its last words: out of memory/);
  t.true(target.whole);
});

test("a missing final read makes the verdict unknown", async t => {
  const {result} = await runWith({noFinalRead: true});
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /`lost rows` could not be measured/);
});

const outTooLong = {verdict: "outage: {rows: 100ms}, recovered: 5s"};
const allTheTime = () => [{of: "processor" as const, from: Date.now() - 60_000, to: Date.now()}];

test("an outage while the machine itself stood still proves nothing, and the report has both", async t => {
  const {result} = await runWith({failsMeanwhile: true, standstills: allTheTime}, outTooLong);
  t.is(result.verdict, "unknown", result.reasons.join());
  t.regex(result.reasons.join(), /`outage rows` is .*; the limit is 100 ms\. The machine itself stood still for/);
  t.is(result.standstills!.length, 1);
  t.is(result.bounds[0]!.verdict, "unknown");
  t.is(result.bounds[0]!.apart, 0);
});

test("a watcher that did not look until the end excuses nobody", async t => {
  const said: string[] = [];
  const {result} = await runWith(
    {failsMeanwhile: true, standstills: () => undefined},
    {...outTooLong, say: line => void said.push(line)},
  );
  t.is(result.verdict, "fail");
  t.is(result.standstills, undefined);
  t.regex(said.join("\n"), /The machine was not watched to the end, so nothing is laid to it/);
});

test("nobody is excused where a fault of the run makes the machine slow", async t => {
  const both = `${killed}, {at: 100ms, for: 200ms, neighbours: {component: memcached, member: memcached-0, cores: 1}}`;
  const {result} = await runWith({failsMeanwhile: true, standstills: allTheTime}, {...outTooLong, fault: both});
  t.is(result.verdict, "fail", result.reasons.join());
  t.is(result.standstills!.length, 1);
});

test("what is started again though no fault hit it is told; what a fault hit is not", async t => {
  const {result} = await runWith({startsAgain: "memcached-0"});
  t.is(result.verdict, "pass", result.reasons.join());
  t.deepEqual(result.faults[0]!.members, ["memcached-1"]);
  t.deepEqual(result.restarts, [
    {member: "memcached-0", process: "main"},
    {member: "memcached-0", process: "helper"},
  ]);
});

test("a known anomaly is measured and does not fail; one that is not seen says so", async t => {
  const known = 'known: [{workload: rows, anomaly: lost, because: "it does"}]';
  const seen = await runWith({loses: 3}, {verdict: "outage: {rows: 5s}, recovered: 5s", more: known});
  t.is(seen.result.verdict, "pass", seen.result.reasons.join());
  t.deepEqual(seen.result.known, [{workload: "rows", anomaly: "lost", because: "it does", measured: 3}]);
  const gone = await runWith({}, {verdict: "outage: {rows: 5s}, recovered: 5s", more: known});
  t.is(gone.result.known![0]!.measured, 0);
  const blind = await runWith({noFinalRead: true}, {verdict: "outage: {rows: 5s}, recovered: 5s", more: known});
  t.is(blind.result.verdict, "unknown");
  t.regex(blind.result.reasons.join(), /known anomaly "lost" could not be looked for/);
});

test("what was acknowledged and is gone fails", async t => {
  const {result} = await runWith({loses: 3});
  t.is(result.verdict, "fail");
  t.deepEqual(result.reasons, ["`lost rows` is 3; the limit is 0."]);
});

test("an outage over its bound fails and says both figures", async t => {
  const {result} = await runWith({failsMeanwhile: true}, {verdict: "outage: {rows: 100ms}, recovered: 5s"});
  t.is(result.verdict, "fail");
  t.regex(result.reasons[0]!, /`outage rows` is [\d.]+ m?s; the limit is 100 ms/);
});

test("errors count against their bound", async t => {
  const {result} = await runWith(
    {failsMeanwhile: true},
    {verdict: "errors: {rows: 0}, errorsAfterHeal: {rows: 0}, recovered: 5s"},
  );
  t.deepEqual(
    result.bounds.map(b => [b.bound, b.verdict]),
    [
      ["errors rows", "fail"],
      ["errorsAfterHeal rows", "pass"],
      ["recovered", "pass"],
    ],
  );
});

test.serial("a fault that cannot be shown makes the verdict unknown", async t => {
  const {result} = await runWith({killDoesNothing: true});
  t.is(result.verdict, "unknown");
  t.regex(
    result.reasons.join(),
    /was not shown to have taken effect: memcached-1: not within 10.0 s. Last seen: its processes run as before/,
  );
});

test("a stack that did not converge fails, whatever else passed", async t => {
  const {result} = await runWith({}, {converge: async () => ({converged: false, detail: "1 to update"})});
  t.is(result.verdict, "fail");
  t.is(result.converged, false);
  t.regex(result.reasons.join(), /did not converge: 1 to update/);
});

test("a preview that does not work leaves the verdict unknown", async t => {
  const {result} = await runWith({}, {converge: () => Promise.reject(new Error("no engine"))});
  t.is(result.verdict, "unknown");
  t.is(result.converged, undefined);
});

test("an abort during a fault heals, removes the clients and leaves no journal", async t => {
  const {result, target, journals} = await runWith(
    {},
    {fault: "{at: 50ms, for: 60s, kill: {component: memcached, member: memcached-1}}", abortAtKill: true},
  );
  t.is(result.verdict, "unknown");
  t.deepEqual(result.reasons, [
    "The run was interrupted.",
    "`lost rows` could not be measured.",
    "`recovered` could not be measured.",
  ]);
  t.true(target.whole);
  t.true(target.log.includes("remove holdfast-r1-rows"));
  t.truthy(result.faults[0]!.healed);
  t.deepEqual(journals, []);
});

test("partition: rules put in and taken out again, shown by what they dropped", async t => {
  const {result, target, journals} = await runWith(
    {},
    {fault: "{at: 50ms, for: 150ms, partition: {component: memcached, shape: minority}}"},
  );
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.faults[0]!.asked, "partition memcached (minority)");
  t.is(result.faults[0]!.members.length, 3);
  t.like(result.faults[0]!.params, {shape: "minority", direction: "both"});
  t.true(target.whole);
  t.deepEqual(journals, []);
});

test("a kernel that cannot do a fault is found out before the load", async t => {
  const {result} = await runWith(
    {kernelSays: "Error: Could not process rule: Operation not supported"},
    {fault: "{at: 50ms, partition: {component: memcached, pick: all}}"},
  );
  t.is(result.verdict, "unknown");
  t.regex(
    result.reasons[0]!,
    /^The fault "partition memcached" cannot be injected here. The kernel here cannot filter .*: Error: Could not process rule/,
  );
  t.deepEqual(phases(result), ["ready", "heal", "settle", "read", "verdict"]);
  t.deepEqual(result.faults, []);
});

test.serial("rules that drop nothing leave the verdict unknown", async t => {
  const {result, target} = await runWith(
    {dropsNothing: true},
    {fault: "{at: 50ms, for: 100ms, partition: {component: memcached, member: memcached-0}}"},
  );
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /was not shown to have taken effect: .*0 packets dropped/);
  t.true(target.whole);
});

test("a process that hangs goes on when healed; one that is killed is shown by its absence", async t => {
  const {result, target} = await runWith(
    {},
    {
      fault:
        "{at: 50ms, for: 100ms, process: {component: memcached, member: memcached-0, name: daemon, signal: STOP}}, {at: 50ms, process: {component: memcached, member: memcached-1, name: daemon}}",
    },
  );
  t.is(result.verdict, "pass", result.reasons.join());
  const signals = target.log.filter(line => / main |^burst/.test(line));
  // Both are due at the same time.
  t.deepEqual(signals.slice(0, 2).sort(), ["STOP memcached-0 main 7", "burst memcached-1"]);
  t.deepEqual(signals.slice(2), ["CONT memcached-0 main 7"]);
});

test("a process that no member has is found out before the load", async t => {
  const {result} = await runWith({}, {fault: "{at: 50ms, process: {component: memcached, pick: all, name: postgres}}"});
  t.is(result.verdict, "unknown");
  t.regex(result.reasons[0]!, /memcached-0 has no process named postgres/);
});

test("every member at once", async t => {
  const {result, target} = await runWith({}, {fault: "{at: 50ms, for: 100ms, kill: {all: true}}"});
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.faults[0]!.members.length, 3);
  t.is(target.log.filter(line => line.startsWith("kill")).length, 3);
});

test("steps due at the same time hit in the same instant, however long it takes to find the victims of one", async t => {
  const kill = (member: string) => `{at: 50ms, for: 100ms, kill: {component: memcached, member: ${member}}}`;
  const slowly = (target: FakeTarget) => {
    const look = target.look.bind(target);
    target.look = async member => {
      if (member.name === "memcached-1") await sleep(250);
      target.log.push(`look ${member.name}`);
      return look(member);
    };
  };
  const fault = ["memcached-0", "memcached-1"].map(kill).join(", ");
  const {result, target} = await runWith({}, {fault, before: slowly});
  t.is(result.verdict, "pass", result.reasons.join());
  t.true(target.log.indexOf("look memcached-1") < target.log.indexOf("kill memcached-0"));
  const [one, other] = result.faults.map(hit => hit.injected);
  t.true(Math.abs(one! - other!) < 100, `${one} ${other}`);
  const done = target.log.filter(line => !line.startsWith("look"));
  t.is(done[0], "burst memcached-0 memcached-1");
  t.deepEqual(done.slice(1, 3).sort(), ["kill memcached-0", "kill memcached-1"]);
  t.true(result.faults.every(hit => hit.spreadMs! < 5 && /all ended within 0.5 ms$/.test(hit.evidence!)));
  t.true(target.whole);
});

for (const [name, kind] of [
  ["every member", "kill"],
  ["a process of every member", "process"],
] as const) {
  const more = kind === "process" ? ", name: daemon" : "";
  const fault = `{at: 50ms, ${kind === "process" ? "" : "for: 100ms, "}${kind}: {component: memcached, pick: all${more}}}`;

  test(`${name} ends in one burst, and nobody is frozen before`, async t => {
    const {result, target} = await runWith({}, {fault});
    t.is(result.verdict, "pass", result.reasons.join());
    t.is(target.log[0], "burst memcached-0 memcached-1 memcached-2");
    t.false(target.log.some(line => /^(pause|KILL)/.test(line)));
    t.is(result.faults[0]!.spreadMs, 0.5);
  });

  test(`${name}: more than 5 ms are no instant, and the verdict is unknown`, async t => {
    const {result} = await runWith({burstMs: 7.2}, {fault});
    t.is(result.verdict, "unknown");
    t.is(result.faults[0]!.spreadMs, 7.2);
    t.regex(result.reasons.join(), /they ended within 7.2 ms, and up to 5 ms count as one instant/);
  });

  test(`${name}: where processes are out of reach it says so, does what it can, and is no pass`, async t => {
    const {result, target} = await runWith({outOfReach: "it takes root", killMs: 20}, {fault});
    t.is(result.verdict, "unknown");
    t.regex(result.reasons.join(), /one after the other \(it takes root\) within .* m?s, and up to 5 ms count/);
    const pauses = target.log.filter(line => line.startsWith("pause"));
    t.is(pauses.length, kind === "kill" ? 3 : 0);
    t.true(target.whole);
  });
}

test("one member alone may take its time to end", async t => {
  const {result} = await runWith({burstMs: 50});
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.faults[0]!.spreadMs, undefined);
});

test("a partition lasts as long as was asked, however long the platform takes to pass on a word", async t => {
  const slow = (target: FakeTarget) => {
    const inNetwork = target.inNetwork.bind(target);
    target.inNetwork = async (member, script) => {
      await sleep(300);
      return inNetwork(member, script);
    };
  };
  const fault = "{at: 50ms, for: 150ms, partition: {component: memcached, member: memcached-0}}";
  const {result, target} = await runWith({}, {fault, before: slow, verdict: "recovered: 60s"});
  t.is(result.verdict, "pass", result.reasons.join());
  const [{forMs, lastedMs, injected, healed}] = result.faults as [Result["faults"][number]];
  // By the helper's own clock, which knows nothing of the way to it.
  t.deepEqual([forMs, lastedMs, healed! - injected], [150, 150, 150]);
  t.true(target.whole);
});

test("a run that ends before a kept fault does not wait for it", async t => {
  const fault = "{at: 50ms, for: 10m, partition: {component: memcached, member: memcached-0}}";
  const begun = Date.now();
  const {result, target} = await runWith({}, {fault, limit: "1500ms"});
  t.is(result.verdict, "unknown");
  t.true(Date.now() - begun < 60_000);
  t.is(target.tables.get("memcached-0")?.size ?? 0, 0);
});

const killFor = (ms: number) => `{at: 50ms, for: ${ms}ms, kill: {component: memcached, member: memcached-1}}`;

test.serial("a kill is healed so much earlier as a start takes", async t => {
  const said: string[] = [];
  const {result} = await runWith({startMs: 600}, {fault: killFor(4000), say: line => said.push(line)});
  t.is(result.verdict, "pass", result.reasons.join());
  const [{healing, injected}] = result.faults as [Result["faults"][number]];
  t.true(healing! - injected >= 3400 && healing! - injected < 4000, `${healing! - injected} ms`);
  t.false(
    said.some(line => /cannot last/.test(line)),
    said.join("\n"),
  );
});

test("what a fault cannot last is told before, and what it lasted after", async t => {
  const said: string[] = [];
  const slow = (target: FakeTarget) => {
    const start = target.start.bind(target);
    target.start = async member => {
      await sleep(400);
      await start(member);
    };
  };
  const {result} = await runWith({startMs: 400}, {fault: killFor(100), before: slow, say: line => said.push(line)});
  t.true(said.some(line => /"kill memcached memcached-1" cannot last 100 ms here: 400 ms is the shortest/.test(line)));
  const [fault] = result.faults;
  t.true(fault!.lastedMs! >= 400, `${fault!.lastedMs} ms`);
  t.regex(showLasted(fault!)!, /^lasted .*s instead of 100 ms$/);
});

test("a fault is prepared when its victim is free, not before", async t => {
  const slow = (target: FakeTarget) => {
    const {start, prepareNetwork} = target;
    target.start = async member => {
      await sleep(900);
      await start.call(target, member);
    };
    target.prepareNetwork = async member => {
      if (!(await target.hasNetwork(member))) throw new Error(`${member.name} does not run`);
      await prepareNetwork.call(target, member);
    };
  };
  // Its first fault kills a member, which is down for 2.3 s; its second, 1.5 s later, cuts off the same one.
  const more = "chaos: {every: 1500ms, for: 6s, lasts: 1400ms, among: [kill, {partition: {from: peers}}], down: 1}";
  const settings = {fault: "", more, before: slow, verdict: "recovered: 60s", seed: 9};
  const {result} = await runWith({}, settings);
  t.deepEqual(result.reasons, []);
  t.deepEqual(
    result.faults.map(f => `${f.fault} ${f.members}`),
    ["kill memcached-1", "partition memcached-1", "partition memcached-2"],
  );
});

test("a fault that cannot be done is told, and does not end the others", async t => {
  const broken = (target: FakeTarget) => {
    let times = 0;
    const prepare = target.prepareNetwork.bind(target);
    // It can be done before the load, and not any more when its turn comes.
    target.prepareNetwork = async member => {
      if (member.name === "memcached-2" && ++times > 1) throw new Error("memcached-2 has no network");
      await prepare(member);
    };
  };
  const fault = [
    "{at: 50ms, for: 100ms, kill: {component: memcached, member: memcached-0}}",
    "{name: second, at: 100ms, for: 100ms, partition: {component: memcached, member: memcached-2}}",
    "{after: {fault: second}, crash: {component: memcached, member: memcached-0}}",
    "{at: 100ms, for: 100ms, pause: {component: memcached, member: memcached-1}}",
    "{at: 5s, for: 100ms, kill: {component: memcached, member: memcached-0}}",
  ].join(", ");
  const {result, target} = await runWith({}, {fault, before: broken, verdict: "recovered: 5s"});
  t.is(result.verdict, "unknown");
  const told = result.faults.map(f => `${f.asked}: ${f.confirmed === undefined ? f.evidence : "done"}`);
  t.deepEqual(told.toSorted(), [
    "crash memcached memcached-0: partition memcached memcached-2 was not done",
    "kill memcached memcached-0: done",
    "kill memcached memcached-0: done",
    "partition memcached memcached-2: memcached-2 has no network",
    "pause memcached memcached-1: done",
  ]);
  t.regex(
    result.reasons.join(),
    /"partition memcached memcached-2" was not shown to have taken effect: memcached-2 has no network/,
  );
  t.true(target.whole);
});

test("a step that waits for its component to recover keeps no other waiting that is due at the same time", async t => {
  const {result} = await runWith(
    {},
    {
      fault: [
        "{at: 10ms, for: 800ms, pause: {component: memcached, member: memcached-0}}",
        "{at: 100ms, crash: {component: memcached, member: memcached-2}}",
      ].join(", "),
      more: "chaos: {every: 100ms, for: 200ms, lasts: 50ms, among: [kill], components: [memcached], down: 1, seed: 3}",
    },
  );
  t.is(result.verdict, "pass", result.reasons.join());
  const by = (kind: string) => result.faults.find(f => f.fault === kind)!;
  t.true(by("crash").injected < by("pause").healed!);
  t.true(by("kill").injected >= by("pause").healed!);
});

test("steps after each other, and again and again", async t => {
  const {result, target} = await runWith(
    {},
    {
      fault: [
        "{name: first, at: 50ms, for: 50ms, repeat: {times: 3, every: 80ms}, pause: {component: memcached, member: memcached-0}}",
        "{name: second, after: {fault: first, wait: 20ms}, for: 50ms, stop: {component: memcached, member: memcached-1}}",
        "{after: {fault: second, is: injected}, for: 50ms, kill: {component: memcached, member: memcached-2}}",
        "{after: {fault: second, is: recovered}, restart: {component: memcached, member: memcached-1}}",
      ].join(", "),
    },
  );
  t.is(result.verdict, "pass", result.reasons.join());
  t.deepEqual(
    result.faults.map(f => f.fault),
    ["pause", "pause", "pause", "stop", "kill", "restart"],
  );
  const [, second, third, stopped, killed, restarted] = result.faults;
  t.true(second!.injected - result.faults[0]!.injected >= 80);
  t.true(stopped!.injected >= third!.healed! + 20);
  t.true(killed!.injected >= stopped!.confirmed!);
  t.true(restarted!.injected >= stopped!.healed!);
  t.true(target.whole);
});

test("chaos becomes steps that the seed gives again, and the schedule is told", async t => {
  const said: string[] = [];
  const chaos = "{every: 100ms, for: 400ms, lasts: 40ms, among: [kill, pause, {partition: {direction: in}}]}";
  const run = () => runWith({}, {fault: "", more: `chaos: ${chaos}\n`, say: line => said.push(line)});
  const [first, again] = [await run(), await run()];
  t.is(first.result.verdict, "pass", first.result.reasons.join());
  const told = ({result}: typeof first) => result.faults.map(f => `${f.asked} ${f.members}`);
  t.is(first.result.faults.length, 3);
  t.deepEqual(told(first), told(again));
  t.regex(said[0]!, /^Schedule: \S+ memcached memcached-\d .*at 100 ms for 40 ms; /);
  t.true(first.target.whole);
});

test("a random schedule with a moment at which nothing may be done is told before the load", async t => {
  const chaos = "{every: 50ms, for: 1s, lasts: 800ms, among: [kill]}";
  const {result, target} = await runWith({}, {fault: "", more: `chaos: ${chaos}\n`});
  t.is(result.verdict, "unknown");
  t.regex(
    result.reasons[0]!,
    /`chaos` has nothing to do at 150 ms: memcached-\d, memcached-\d are down then.* Write a shorter `lasts`, a longer `every`/,
  );
  t.is(result.workloads.rows, undefined);
  t.deepEqual([target.log, result.faults], [[], []]);
});

test("a role that no member has when its turn comes hits nobody and is no pass", async t => {
  const [pool] = fakeTopology.components;
  const vip = {...pool!, name: "vip", kind: "virtualip" as const, endpoints: []};
  const members = ["vip-0", "vip-1"].map(name => ({...pool!.members[0]!, name}));
  const {result, target} = await runWith(
    {},
    {
      fault: "{at: 50ms, for: 100ms, kill: {component: vip, pick: holder}}",
      topology: {...fakeTopology, components: [pool!, {...vip, members}]},
      before: target => {
        const {answer} = target;
        target.answer = member => (member.name.startsWith("vip") ? "healthy\nholds no\n" : answer.call(target, member));
      },
    },
  );
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /nobody holds the address: vip-0: backup; vip-1: backup/);
  t.false(target.log.some(line => line.startsWith("kill")));
});

test("settled: the next comes when every member is healthy", async t => {
  const {result} = await runWith(
    {},
    {
      fault: "{at: 50ms, for: 20ms, repeat: {times: 4, settled: true}, kill: {component: memcached, pick: random}}",
    },
  );
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.faults.length, 4);
  for (const [i, fault] of result.faults.entries()) if (i > 0) t.true(fault.injected >= result.faults[i - 1]!.healed!);
});

for (const apartMs of [0, 30])
  test(`members picked at random are all different while none is healed: ${apartMs} ms apart`, async t => {
    for (let round = 0; round < 3; round++) {
      const kill = (i: number) =>
        `{at: ${300 + i * apartMs}ms, for: 500ms, kill: {component: memcached, pick: random}}`;
      const {result} = await runWith({}, {fault: [0, 1, 2].map(kill).join(", ")});
      const hit = result.faults.flatMap(fault => fault.members);
      t.deepEqual(hit.sort(), ["memcached-0", "memcached-1", "memcached-2"], result.reasons.join());
    }
  });

test("a load without a fault passes and has no recovery", async t => {
  const {result} = await runWith({}, {fault: "", verdict: "errors: {rows: 0}, lost: {rows: 0}"});
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.recoveredMs, undefined);
});

test("what members said around the fault is in the result, without the secrets of the stack", async t => {
  const {result} = await runWith({});
  const said = result.logs!.map(({fault, member, lines}) => [fault, member, lines[0]!.text]);
  t.deepEqual(said, [
    [0, "memcached-1", "memcached-1 says that its password is [secret app]"],
    [0, "memcached-0", "memcached-0 says that its password is [secret app]"],
    [0, "memcached-2", "memcached-2 says that its password is [secret app]"],
  ]);
});

test("whoever watches sees the load, the member that is down and the fault until it is healed", async t => {
  const {seen} = await runWith({}, {fault: killed.replace("200ms", "2500ms")});
  const down = seen.find(s => s.members.some(m => !m.healthy) && s.faults.some(f => !f.healed))!;
  t.regex(down.members.find(m => m.member === "memcached-1")!.state, /down/);
  t.true(down.loads.rows!.ok > 0);
  t.deepEqual(down.faults[0]!.members, ["memcached-1"]);
  t.truthy(seen.at(-1)!.faults[0]!.healed);
});

test("a run that passes its limit heals, keeps what it has and is unknown", async t => {
  const fault = "{at: 50ms, for: 60s, kill: {component: memcached, member: memcached-1}}";
  const {result, target, journals} = await runWith({}, {fault, limit: "1s"});
  t.is(result.verdict, "unknown");
  t.regex(result.reasons[0]!, /not over within its limit of 1.00 s: the load was ended and the faults were healed/);
  t.true(result.ended - result.started < 10_000);
  t.true(target.whole);
  t.truthy(result.faults[0]!.healed);
  t.true(result.workloads.rows!.acknowledged > 0);
  t.deepEqual(journals, []);
});

test("a limit that is passed while it converges leaves the verdict unknown", async t => {
  const converge: RunOptions["converge"] = signal =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("cancelled"))));
  const {result} = await runWith({}, {limit: "4s", converge});
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /limit of 4.00 s/);
});

test("a limit that is kept changes nothing", async t => {
  const {result} = await runWith({}, {limit: "60s"});
  t.is(result.verdict, "pass", result.reasons.join());
});
