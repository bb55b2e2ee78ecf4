import {existsSync, mkdtempSync, readdirSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test from "ava";
import type {Result} from "../lib/result.ts";
import {FakeTarget, fakeTopology, type Mischief} from "../test/fake-target.ts";
import {Journal} from "./journal.ts";
import {silent} from "./phases/progress.ts";
import {Random} from "./random.ts";
import {runScenario} from "./run.ts";
import {readScenario} from "./scenario/read.ts";

const file = (fault: string, verdict: string, more = "") => `
summary: A member is hit.
stack: lab
duration: 300ms
${more}
load:
  rows: {workload: sql-append, endpoint: memcached, clients: 2, rate: 200/s}
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
  converge?: () => Promise<{converged: boolean; detail: string}>;
}

async function runWith(
  mischief: Mischief,
  {fault = killed, verdict = bounds, more, abortAtKill, converge}: Settings = {},
) {
  const target = new FakeTarget(mischief);
  const abort = new AbortController();
  if (abortAtKill) target.killed = () => abort.abort();
  const folder = mkdtempSync(join(tmpdir(), "ru-journal-"));
  const about = {run: "r1", scenario: "x/y", stack: "lab/lab", platform: "docker"} as const;
  const result = await runScenario({
    scenario: readScenario("x/y.yaml", file(fault, verdict, more)),
    topology: fakeTopology,
    secrets: {},
    target,
    clientImage: "client",
    run: "r1",
    random: new Random(7),
    journal: new Journal(folder, about),
    progress: silent,
    signal: abort.signal,
    command: "./holdfast run x/y.yaml --seed 7",
    converge,
  });
  return {result, target, journals: existsSync(folder) ? readdirSync(folder) : []};
}

const phases = (result: Result) => result.phases.map(p => p.name);

test("kill, heal, pass: phases in their order, fault confirmed and healed, journal gone", async t => {
  const {result, target, journals} = await runWith({}, {converge: async () => ({converged: true, detail: ""})});
  t.deepEqual(result.reasons, []);
  t.is(result.verdict, "pass");
  t.deepEqual(phases(result), ["ready", "load", "fault", "heal", "settle", "read", "verdict", "converge"]);
  t.deepEqual(target.log, ["kill memcached-1", "start memcached-1", "remove holdfast-r1-rows"]);
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

test("crash needs no healing and is confirmed by a new incarnation", async t => {
  const {result, target} = await runWith(
    {},
    {fault: "{at: 100ms, crash: {component: memcached, member: memcached-0, process: helper}}"},
  );
  t.is(result.verdict, "pass", result.reasons.join());
  t.true(target.log.includes("crash memcached-0 helper"));
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
  t.regex(result.reasons[0]!, /`outage rows` is \d+ ms; the limit is 100 ms/);
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

test("a load without a fault passes and has no recovery", async t => {
  const {result} = await runWith({}, {fault: "", verdict: "errors: {rows: 0}, lost: {rows: 0}"});
  t.is(result.verdict, "pass", result.reasons.join());
  t.is(result.recoveredMs, undefined);
});
