import {existsSync, readdirSync} from "node:fs";
import test from "ava";
import {Random} from "../lib/random.ts";
import {FakeTarget, type Mischief} from "../test/fake-target.ts";
import {fakeTopology} from "../test/fake-topology.ts";
import {temporaryFolder} from "../test/folder.ts";
import {Journal} from "./journal.ts";
import {silent} from "./phases/progress.ts";
import {type RunOptions, runScenario} from "./run.ts";
import {readScenario} from "./scenario/read.ts";

const text = (more: string) => `
summary: A member is hit.
stack: lab
duration: 300ms
${more}
load:
  rows: {workload: sql-append, endpoint: memcached, clients: 2, rate: 200/s, timeout: 5s}
faults: [{at: 1200ms, for: 200ms, kill: {component: memcached, member: memcached-1}}]
verdict: {outage: {rows: 10s}, lost: {rows: 0}, recovered: 60s}
`;

/** When each run is ended: well after the fault, also where the machine is busy. */
const endMs = 4000;

/** A run that is ended early in one of the two ways; gives how long it went on after that. */
async function endedEarly(mischief: Mischief, how: "limit" | "interrupt", converge?: RunOptions["converge"]) {
  const target = new FakeTarget(mischief);
  const folder = temporaryFolder();
  const about = {run: "r1", scenario: "x/y", stack: "lab/lab", platform: "docker"} as const;
  const abort = new AbortController();
  const began = Date.now();
  if (how === "interrupt") setTimeout(() => abort.abort(), endMs);
  const result = await runScenario({
    scenario: readScenario("x/y.yaml", text(how === "limit" ? `limit: ${endMs}ms` : "")),
    topology: fakeTopology,
    secrets: {},
    target,
    clientImage: "client",
    run: "r1",
    random: new Random(7),
    journal: new Journal(folder, about),
    progress: silent,
    signal: abort.signal,
    command: "",
    converge,
  });
  const journals = existsSync(folder) ? readdirSync(folder) : [];
  return {result, target, journals, overMs: Date.now() - began - endMs};
}

for (const [what, mischief] of [
  ["clients that never get ready", {silentOn: ["ready"]}],
  ["a final read that does not come back", {silentOn: ["read"]}],
  ["clients that never stop", {silentOn: ["stopped", "read", "ended"]}],
  ["clients that never end", {silentOn: ["ended"]}],
  ["members that do not answer", {silentMembers: true}],
  ["logs without an end", {endlessLogs: true}],
  ["members that do not answer and clients that never stop", {silentMembers: true, silentOn: ["stopped", "ended"]}],
] as const)
  for (const how of ["limit", "interrupt"] as const)
    test.serial(`${what}: ${how} ends the run within 5 s, with faults healed`, async t => {
      const {result, target, journals, overMs} = await endedEarly(mischief, how);
      t.true(overMs < 5000, `${overMs} ms over`);
      t.is(result.verdict, "unknown");
      t.true(target.whole);
      t.deepEqual(journals, []);
      t.regex(result.reasons.join(), how === "limit" ? /not over within its limit of 4\.00 s/ : /was interrupted/);
    });

test.serial("a limit that is passed while a preview goes on does not wait for it", async t => {
  const {result, overMs} = await endedEarly({}, "limit", () => new Promise(() => {}));
  t.true(overMs < 5000, `${overMs} ms over`);
  t.is(result.verdict, "unknown");
  t.regex(result.reasons.join(), /limit of 4\.00 s/);
});
