import test from "ava";
import {Random} from "../../lib/random.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {Topology, TopologyMember} from "../../lib/topology.ts";
import {FakeTarget} from "../../test/fake-target.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import {change} from "./change.ts";
import type {Fault, Victim} from "./fault.ts";
import {faultOf} from "./registry.ts";

const [drain, move] = [faultOf("drain"), faultOf("move")];

const pool = fakeTopology.components[0]!;
const [vip0, vip1] = [0, 1].map(i => ({
  ...pool.members[i]!,
  name: `vip-${i}`,
  addresses: {front: `198.18.12.2${i}`},
})) as [TopologyMember, TopologyMember];
const sql = {
  name: "sql",
  of: "memcached",
  protocol: "mysql",
  network: "front",
  address: "198.18.12.30",
  port: 1,
} as const;
const topology: Topology = {
  ...fakeTopology,
  components: [pool, {...pool, name: "vip", kind: "virtualip", members: [vip0, vip1], endpoints: [sql]}],
};

/** Two proxies, of which one holds the address, and what they were told. */
class ProxyTarget extends FakeTarget {
  holder = "vip-0";
  sessions = [2, 1, 0, 0];
  told: string[] = [];
  override async exec(
    member: TopologyMember,
    command: string[],
    _limitMs: number,
    process?: string,
  ): Promise<CommandOutput> {
    const text = command.join(" ");
    const done = (stdout: string) => ({code: 0, stdout, stderr: ""});
    if (!member.name.startsWith("vip")) return done("");
    if (command[0] === "holdfast-state")
      return done(
        `healthy\nholds ${member.name === this.holder ? "yes" : "no"}\n4 sql 1 memcached-1 198.18.12.11 2 0 1 1 0 0 0 0 0 0 0 0 0 0 0 0\n# table: sql, type\n0x1: key=1 server_id=1 server_key=memcached-1\n`,
      );
    if (/show stat/.test(text))
      return done(`# pxname,svname,scur\nsql,memcached-1,${member === vip0 ? (this.sessions.shift() ?? 0) : 0}\n`);
    this.told.push(
      `${member.name}${process ? `/${process}` : ""}: ${/show servers/.test(text) ? "move writer" : (/'(.*)'/.exec(text)?.[1] ?? text)}`,
    );
    if (/leave/.test(text)) this.holder = "vip-1";
    return done("");
  }
}

async function victimOf(fault: Fault, target: FakeTarget, name: string, params: object): Promise<Victim> {
  const component = topology.components.find(c => c.members.some(m => m.name === name))!;
  const member = component.members.find(m => m.name === name)!;
  const planning = {
    target,
    topology,
    random: new Random(1),
    id: "x",
    where: {component: component.name, member: name},
    params: {...params},
  };
  const [hit] = await fault.plan!([{component, member}], planning);
  return {...hit!, before: await target.look(member)};
}

test("drain: the writes move, new sessions stay away, open ones end, then it stops; healed, it is ready again", async t => {
  const target = new ProxyTarget();
  const victim = await victimOf(drain, target, "memcached-1", {within: 5000});
  await drain.inject(target, victim);
  t.deepEqual(target.told, [
    "vip-0: move writer",
    "vip-0: set server sql/memcached-1 state drain",
    "vip-1: set server sql/memcached-1 state drain",
  ]);
  t.true(target.sessions.length < 3, "it waited until no session was open");
  t.deepEqual(target.log, ["stop memcached-1"]);
  t.like(await drain.evidence(target, victim), {done: "memcached-1: main and helper stopped, drained before"});
  // From the journal: plain data.
  await drain.heal(target, JSON.parse(JSON.stringify(victim)));
  t.deepEqual(target.told.slice(3), [
    "vip-0: set server sql/memcached-1 state ready",
    "vip-1: set server sql/memcached-1 state ready",
  ]);
  t.true(target.whole);
});

test("drain: sessions that never end are cut at the end of the time", async t => {
  const target = new ProxyTarget();
  target.sessions = Array(100).fill(1);
  await drain.inject(target, await victimOf(drain, target, "memcached-1", {within: 300}));
  t.deepEqual(target.log, ["stop memcached-1"]);
});

test("drain and move refuse what they are not for", t => {
  t.regex(drain.fits!(topology, {}, {component: "vip", pick: "holder"})[0]!.message, /moved, with `move`/);
  t.deepEqual(drain.fits!(topology, {}, {component: "memcached", pick: "random"}), []);
  t.regex(move.fits!(topology, {}, {component: "memcached", pick: "random"})[0]!.message, /takes a virtual IP/);
  t.regex(move.fits!(topology, {}, {zone: "a"})[0]!.message, /takes a virtual IP/);
});

test("move: the others adopt first, the holder leaves, and they settle", async t => {
  const target = new ProxyTarget();
  const victim = await victimOf(move, target, "vip-0", {within: 2000});
  t.like(await move.evidence(target, victim), {seen: "vip-0 holds the address"});
  await move.inject(target, victim);
  t.deepEqual(target.told, [
    "vip-1/keepalived: holdfast-move adopt 198.18.12.20 7",
    "vip-0/keepalived: holdfast-move leave 2",
    "vip-1/keepalived: holdfast-move settle",
  ]);
  t.like(await move.evidence(target, victim), {done: "vip-0 gave the address to vip-1"});
});

test("a whole zone is drained, whatever is in it; a component of a kind that cannot be is not", t => {
  t.deepEqual(drain.fits!(topology, {}, {zone: "a"}), []);
  t.deepEqual(drain.fits!(topology, {}, {all: true}), []);
  t.is(move.fits!(topology, {}, {all: true})[0]!.key, "component");
  t.deepEqual(move.fits!(topology, {}, {component: "vip", pick: "holder"}), []);
});

test("what the journal of an earlier version keeps, without kinds, is undone as well", async t => {
  const target = new ProxyTarget();
  const proxies = [vip0, vip1].map(member => ({member, frontEnds: ["sql"]}));
  await drain.heal(target, {member: pool.members[1]!, params: {kind: "memcached", within: 1, proxies, others: []}});
  t.deepEqual(target.told, [
    "vip-0: set server sql/memcached-1 state ready",
    "vip-1: set server sql/memcached-1 state ready",
  ]);
  await move.heal(target, {member: vip0, params: {within: 1, others: [vip1]}});
  t.is(target.told.at(-1), "vip-1/keepalived: holdfast-move settle");
});

test("change: the stack is changed and changed back", async t => {
  const target = new FakeTarget();
  const asked: object[] = [];
  const stack = {
    change: async (settings: object) => {
      asked.push(settings);
      return {added: ["memcached-3"], removed: []};
    },
  };
  const victim = await victimOf(change, target, "memcached-0", {settings: {memcachedMembers: 4}});
  t.like(await change.evidence(target, victim), {seen: "the update goes on"});
  await change.inject(target, victim, stack);
  t.like(await change.evidence(target, victim), {done: "memcached-3 came"});
  await change.heal(target, victim, stack);
  t.deepEqual(asked, [{memcachedMembers: 4}, {}]);
  await t.throwsAsync(change.inject(target, victim), {message: /cannot change stacks/});
});
