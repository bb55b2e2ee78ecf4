import {appendFileSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {FakeTarget} from "../test/fake-target.ts";
import {fakeTopology} from "../test/fake-topology.ts";
import {temporaryFolder} from "../test/folder.ts";
import {healLeftovers} from "./heal.ts";
import {Journal, readJournals} from "./journal.ts";

const members = fakeTopology.components[0]!.members;
const about = {run: "r1", scenario: "x/y", stack: "lab/lab", platform: "docker"} as const;

/** The journal as a run leaves it that was killed: its process is gone. */
function bury(folder: string): void {
  const file = join(folder, "r1.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"pid":\d+/, '"pid":4194305'));
}

test("a run that goes on is known by its process", t => {
  const folder = temporaryFolder();
  const journal = new Journal(folder, about);
  t.true(readJournals(folder)[0]!.alive);
  bury(folder);
  t.false(readJournals(folder)[0]!.alive);
  journal.end();
});

test("a process with the same number that was started at another time is not the run", t => {
  const folder = temporaryFolder();
  new Journal(folder, about);
  const file = join(folder, "r1.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"started":"[^"]*"/, '"started":"1"'));
  t.false(readJournals(folder)[0]!.alive);
});

test("what a killed run left is healed once, and its journal goes", async t => {
  const folder = temporaryFolder();
  const target = new FakeTarget();
  const journal = new Journal(folder, about);
  const first = journal.inject("kill", members[0]!);
  journal.inject("kill", members[1]!);
  journal.inject("pause", members[2]!);
  await target.kill(members[0]!);
  await target.kill(members[1]!);
  await target.pause(members[2]!);
  await target.start(members[0]!);
  journal.healed(first);
  // The crash cut the last line.
  appendFileSync(join(folder, "r1.jsonl"), '{"do":"inject","id":3,"fau');
  bury(folder);
  const {healed, clients} = await healLeftovers(folder, () => target, "lab/lab");
  t.deepEqual(
    healed.map(h => `${h.fault} ${h.member} ${h.trouble ?? "healed"}`),
    ["kill memcached-1 healed", "pause memcached-2 healed"],
  );
  t.deepEqual(clients, ["old-client"]);
  t.true(target.whole);
  t.deepEqual(readdirSync(folder), []);
  t.deepEqual((await healLeftovers(folder, () => target, "lab/lab")).healed, []);
});

test("runs that go on and other stacks are left alone", async t => {
  const folder = temporaryFolder();
  const target = new FakeTarget();
  const journal = new Journal(folder, about);
  journal.inject("kill", members[0]!);
  await target.kill(members[0]!);
  t.deepEqual((await healLeftovers(folder, () => target, "lab/lab")).healed, []);
  bury(folder);
  t.deepEqual((await healLeftovers(folder, () => target, "lab/second")).healed, []);
  t.false(target.whole);
});

test("a member that is gone with its stack counts as healed", async t => {
  const folder = temporaryFolder();
  const target = new FakeTarget();
  const gone = () => Promise.reject(Object.assign(new Error("no such container"), {statusCode: 404}));
  Object.assign(target, {start: gone, look: gone});
  new Journal(folder, about).inject("kill", members[0]!);
  bury(folder);
  const {healed} = await healLeftovers(folder, () => target);
  t.deepEqual(
    healed.map(h => h.trouble),
    [undefined],
  );
  t.deepEqual(readdirSync(folder), []);
});

test("what is not found while the member is there is trouble, and the journal stays", async t => {
  const folder = temporaryFolder();
  const target = new FakeTarget();
  target.start = () => Promise.reject(Object.assign(new Error("no such image"), {statusCode: 404}));
  new Journal(folder, about).inject("kill", members[0]!);
  bury(folder);
  const {healed} = await healLeftovers(folder, () => target);
  t.deepEqual(
    healed.map(h => h.trouble),
    ["no such image"],
  );
  t.is(readdirSync(folder).length, 1);
});
