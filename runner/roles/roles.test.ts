import test from "ava";
import {Random} from "../../lib/random.ts";
import type {Asking} from "../../lib/roles.ts";
import type {MemberState} from "../../lib/state/state.ts";
import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import {findVictims} from "./find.ts";

const component = (name: string, kind: string, members: number): TopologyComponent => ({
  name,
  kind,
  settings: {},
  endpoints: [],
  members: Array.from({length: members}, (_, i) => ({
    name: `${name}-${i}`,
    zone: "abc"[i]!,
    addresses: {},
    health: [],
    handle: {platform: "docker", faults: ["kill"]},
  })),
});
const galera = component("galera", "galera", 3);
const rabbitmq = component("rabbitmq", "rabbitmq", 3);
const vip = component("vip", "virtualip", 2);
vip.endpoints = [{name: "sql", of: "galera", protocol: "mysql", network: "front", address: "1.1.1.1", port: 3306}];
const topology: Topology = {
  version: 1,
  stack: "l/l",
  platform: "docker",
  zones: ["a", "b", "c"],
  networks: [],
  components: [galera, rabbitmq, vip],
};

function asking(states: Record<string, Partial<MemberState>>, queues: string[] = [], leader?: string): Asking {
  return {
    topology,
    random: new Random(3),
    state: async ({member}) => ({healthy: true, state: "fine", roles: [], detail: {}, ...states[member.name]}),
    ask: async (_member, question) =>
      question.parse({code: leader ? 0 : 1, stdout: leader ? `rabbit@${leader}.internal\n` : "", stderr: ""}),
    queues: () => queues.map(queue => ({queue, vhost: "/"})),
  };
}
const names = async (a: Asking, where: Parameters<typeof findVictims>[1]) =>
  (await findVictims(a, where, 1)).map(v => v.member.name);
const holding = {"vip-0": {detail: {holds: false}}, "vip-1": {detail: {holds: true, "writer:sql": "galera-2"}}};

test("the writer is the server that the holder of the address sends clients to", async t => {
  t.deepEqual(await names(asking(holding), {component: "galera", pick: "writer"}), ["galera-2"]);
});

test("a reader is anyone else", async t => {
  const found = await names(asking(holding), {component: "galera", pick: "reader"});
  t.true(["galera-0", "galera-1"].includes(found[0]!));
});

test("a follower does not lead the queue, a backup does not hold the address", async t => {
  const led = asking({}, ["q"], "rabbitmq-1");
  const follower = await names(led, {component: "rabbitmq", pick: "follower"});
  t.true(["rabbitmq-0", "rabbitmq-2"].includes(follower[0]!));
  t.deepEqual(await names(asking(holding), {component: "vip", pick: "backup"}), ["vip-0"]);
});

test("the holder", async t => {
  t.deepEqual(await names(asking(holding), {component: "vip", pick: "holder"}), ["vip-1"]);
});

test("no holder, or two, is said with what was seen", async t => {
  const two = {"vip-0": {detail: {holds: true}}, "vip-1": {detail: {holds: true}}};
  await t.throwsAsync(names(asking({}), {component: "vip", pick: "holder"}), {
    message: /nobody holds the address: vip-0: fine; vip-1: fine/,
  });
  await t.throwsAsync(names(asking(two), {component: "vip", pick: "holder"}), {message: /two hold the address/});
});

test("the leader of the run's queue; without one, who leads most", async t => {
  t.deepEqual(await names(asking({}, ["q"], "rabbitmq-1"), {component: "rabbitmq", pick: "leader"}), ["rabbitmq-1"]);
  const led = {"rabbitmq-0": {roles: ["leader:1"]}, "rabbitmq-2": {roles: ["leader:4"]}};
  t.deepEqual(await names(asking(led), {component: "rabbitmq", pick: "leader"}), ["rabbitmq-2"]);
});

test("a zone by name, and by who is in it", async t => {
  t.deepEqual(await names(asking({}), {zone: "b"}), ["galera-1", "rabbitmq-1", "vip-1"]);
  const both = [{component: "vip", pick: "holder"} as const, {component: "galera", pick: "writer"} as const];
  await t.throwsAsync(names(asking(holding), {zoneOf: both}), {
    message: /in different zones: vip holder vip-1 in b, galera writer galera-2 in c/,
  });
  const together = {"vip-1": {detail: {holds: true, "writer:sql": "galera-1"}}};
  t.deepEqual(await names(asking(together), {zoneOf: both}), ["galera-1", "rabbitmq-1", "vip-1"]);
});

test("nobody is picked whom a fault hits already", async t => {
  const hit = new Set(["galera-0", "galera-2"]);
  t.deepEqual(await names({...asking({}), hit: () => hit}, {component: "galera", pick: "random"}), ["galera-1"]);
  await t.throwsAsync(
    names({...asking({}), hit: () => new Set([...hit, "galera-1"])}, {component: "galera", pick: "random"}),
    {
      message: /every member is hit by a fault already/,
    },
  );
});

test("every member of a component, and everything", async t => {
  t.deepEqual(await names(asking({}), {component: "vip", every: true}), ["vip-0", "vip-1"]);
  t.is((await names(asking({}), {all: true})).length, 8);
});

test("random is repeated by its seed", async t => {
  const pick = () => names(asking({}), {component: "galera", pick: "random"});
  t.deepEqual(await pick(), await pick());
});
