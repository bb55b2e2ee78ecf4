import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {Random} from "../../lib/random.ts";
import {FakeTarget} from "../../test/fake-target.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {healHit, healLeftovers} from "../heal.ts";
import {Journal} from "../journal.ts";
import type {Params, Where} from "../scenario/scenario.ts";
import type {Victim} from "./fault.ts";
import {faultOf, faults} from "./registry.ts";

const component = fakeTopology.components[0]!;
const [one] = component.members as [(typeof component.members)[number]];
const where: Where = {component: component.name, member: one.name};
const about = {run: "r1", scenario: "x/y", stack: "lab/lab", platform: "docker"} as const;

/** Planned steps need more of a stack than one member: planned.test.ts. */
const faultKinds = faults.map(fault => fault.kind).filter(kind => !["drain", "move", "change"].includes(kind));

/** What each fault is asked with, and what its evidence says. */
const rows: Record<string, [params: Params, evidence: RegExp]> = {
  kill: [{}, /main and helper ended \(exit code 137\)/],
  crash: [{process: "helper"}, /helper was started again/],
  stop: [{}, /stopped/],
  pause: [{}, /main and helper frozen/],
  restart: [{}, /main and helper started anew/],
  process: [{name: "daemon", signal: "STOP"}, /daemon \(7\) is stopped/],
  partition: [{direction: "both"}, /10 packets from and to everyone else dropped/],
  loss: [{percent: 20, direction: "both"}, /10 packets lost so far/],
  "slow-link": [{rate: "1mbit"}, /9 packets sent at 1mbit, 4 times one had to wait/],
  latency: [{delay: 100}, /9 packets sent 100 ms later/],
  dns: [{}, /a name that resolved before does not any more/],
  "disk-full": [{}, /a write of 1 MiB fails, 0 KiB are free/],
  "slow-disk": [{rate: "1MiB/s"}, /the kernel limits its writes to 1MiB\/s/],
  power: [{}, /main and helper ended, its disk lost its power \d+\.\d ms later/],
  memory: [{}, /limit 12 MiB instead of 95; the kernel ended its main process/],
  clock: [{by: -7_200_000}, /its clock is off by -7[12]\d{5} ms/],
  neighbours: [{cores: 2}, /beside memcached-0: 2 neighbours, each with 500 ms of the processor so far/],
  volume: [
    {content: "empty", by: "kill"},
    /memcached-0: down, with an empty volume; what was there \(3 files\) is kept/,
  ],
};

async function victimOf(target: FakeTarget, kind: string): Promise<Victim> {
  const fault = faultOf(kind);
  const [params] = rows[kind]!;
  const planning = {target, topology: fakeTopology, random: new Random(1), id: "r1_0", where, params};
  const hits = await (fault.plan?.([{component, member: one}], planning) ?? [{member: one, params}]);
  return {...hits[0]!, before: await target.look(one)};
}

test("there is a row for every fault", t => {
  t.deepEqual(Object.keys(rows), faultKinds);
});

for (const kind of faultKinds) {
  const fault = faultOf(kind);

  test(`${kind}: no evidence before, evidence after, none once healed`, async t => {
    const target = new FakeTarget();
    const victim = await victimOf(target, kind);
    // A disk of memory cannot be made slow.
    const able = kind === "slow-disk" ? {...one, handle: {...one.handle, disk: undefined}} : one;
    t.is(await fault.able?.(target, [able], victim.params), undefined);
    t.true("seen" in (await fault.evidence(target, victim)));
    await fault.inject(target, victim);
    const found = await fault.evidence(target, victim);
    t.regex("done" in found ? found.done : `seen: ${found.seen}`, rows[kind]![1]);
    await healHit(target, fault, victim);
    t.true(target.whole);
    if (!fault.passing) t.true("seen" in (await fault.evidence(target, victim)));
    // Undoing what is undone changes nothing.
    await healHit(target, fault, victim);
    t.true(target.whole);
  });

  test(`${kind}: its journal is enough to undo it`, async t => {
    const folder = temporaryFolder();
    const target = new FakeTarget();
    const victim = await victimOf(target, kind);
    new Journal(folder, about).inject(kind, one, victim.params);
    await fault.inject(target, victim);
    const file = join(folder, "r1.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace(/"pid":\d+/, '"pid":4194305'));
    const {healed} = await healLeftovers(folder, () => target, "lab/lab");
    t.deepEqual(
      healed.map(h => h.trouble),
      [undefined],
    );
    t.true(target.whole);
    t.deepEqual(readdirSync(folder), []);
  });
}

/** As a run that was killed leaves it: its process is gone. */
const begin = {...about, do: "begin", at: 1, pid: 4194305, started: "1"};

test("a journal of a version that knew no parameters is still read", async t => {
  const folder = temporaryFolder();
  const target = new FakeTarget();
  const inject = {do: "inject", id: 0, fault: "kill", member: one, at: 2};
  writeFileSync(join(folder, "r1.jsonl"), [begin, inject].map(e => `${JSON.stringify(e)}\n`).join(""));
  await target.kill(one);
  const {healed} = await healLeftovers(folder, () => target, "lab/lab");
  t.deepEqual(
    healed.map(h => h.trouble),
    [undefined],
  );
  t.true(target.whole);
});

test("a journal of a version with more faults is kept, and says what this one knows", async t => {
  const folder = temporaryFolder();
  const inject = {do: "inject", id: 0, fault: "earthquake", member: one, params: {}, at: 2};
  writeFileSync(join(folder, "r1.jsonl"), [begin, inject].map(e => `${JSON.stringify(e)}\n`).join(""));
  const {healed} = await healLeftovers(folder, () => new FakeTarget(), "lab/lab");
  t.regex(healed[0]!.trouble!, /`earthquake` is not a fault of this version, which has kill, crash,/);
  t.is(readdirSync(folder).length, 1);
});
