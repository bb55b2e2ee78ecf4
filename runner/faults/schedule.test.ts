import test from "ava";
import fc from "fast-check";
import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import type {ChaosPlan, FaultPlan} from "../scenario/scenario.ts";
import {mayBeDown} from "./blast-radius.ts";
import {describeChaos} from "./describe.ts";
import {faultKinds} from "./registry.ts";
import {schedule} from "./schedule.ts";

const component = (name: string, kind: string, size: number): TopologyComponent => ({
  name,
  kind,
  settings: {},
  endpoints: [],
  members: Array.from({length: size}, (_, i) => ({
    name: `${name}-${i}`,
    zone: "a",
    addresses: {},
    health: [],
    handle: {platform: "docker", faults: [...faultKinds]},
  })),
});
const topologyOf = (components: TopologyComponent[]): Topology => ({
  version: 1,
  stack: "l/l",
  platform: "docker",
  zones: ["a"],
  networks: [],
  components,
});
const lab = topologyOf([
  component("galera", "galera", 3),
  component("rabbitmq", "rabbitmq", 3),
  component("vip", "virtualip", 2),
  component("memcached", "memcached", 3),
]);
const chaos: ChaosPlan = {
  everyMs: 20_000,
  forMs: 300_000,
  lastsMs: 10_000,
  among: [
    {kind: "kill", params: {}},
    {kind: "pause", params: {}},
    {kind: "partition", params: {direction: "both"}},
  ],
};
const sizes = fc.record({
  galera: fc.integer({min: 2, max: 9}),
  rabbitmq: fc.integer({min: 1, max: 9}),
  vip: fc.integer({min: 1, max: 3}),
  memcached: fc.integer({min: 2, max: 9}),
});
const times = fc.record({everyMs: fc.integer({min: 1000, max: 30_000}), lastsMs: fc.integer({min: 500, max: 120_000})});

/** The schedule, or nothing where it is refused. */
function planned(plan: ChaosPlan, topology: Topology, seed: number): FaultPlan[] {
  try {
    return schedule(plan, topology, seed);
  } catch {
    return [];
  }
}

test("a majority is left of what has a quorum, one of what has none", t => {
  const down = (kind: string) => [1, 2, 3, 4, 5, 9].map(size => mayBeDown(component("c", kind, size)));
  t.deepEqual(down("galera"), [0, 0, 1, 1, 2, 4]);
  t.deepEqual(down("rabbitmq"), [0, 0, 1, 1, 2, 4]);
  t.deepEqual(down("virtualip"), [0, 1, 2, 3, 4, 8]);
  t.deepEqual(down("memcached"), [0, 1, 2, 3, 4, 8]);
});

test("a majority of those that vote is always up, and no member is hit twice at once", t => {
  fc.assert(
    fc.property(sizes, times, fc.nat(), (size, {everyMs, lastsMs}, seed) => {
      const topology = topologyOf([
        component("galera", "galera", size.galera),
        component("rabbitmq", "rabbitmq", size.rabbitmq),
        component("vip", "virtualip", size.vip),
        component("memcached", "memcached", size.memcached),
      ]);
      const plans = planned({...chaos, everyMs, lastsMs}, topology, seed);
      return plans.every(({atMs}) => {
        const down = plans
          .filter(p => p.atMs <= atMs && p.atMs + p.forMs > atMs)
          .map(p => (p.where as {member: string}).member);
        if (new Set(down).size !== down.length) return false;
        return topology.components.every(c => {
          const lost = c.members.filter(m => down.includes(m.name)).length;
          const votes = c.kind === "galera" || c.kind === "rabbitmq";
          return lost === 0 || (votes ? c.members.length - lost > c.members.length / 2 : lost < c.members.length);
        });
      });
    }),
  );
  t.pass();
});

test("the seed gives the same again, another seed another", t => {
  t.deepEqual(schedule(chaos, lab, 42), schedule(chaos, lab, 42));
  t.notDeepEqual(schedule(chaos, lab, 42), schedule(chaos, lab, 43));
});

test("regular times, all inside, everything gets its turn", t => {
  const plans = schedule(chaos, lab, 42);
  t.deepEqual(
    plans.map(p => p.atMs),
    Array.from({length: 14}, (_, i) => (i + 1) * 20_000),
  );
  const many = schedule({...chaos, forMs: 40_000_000}, lab, 1);
  t.is(new Set(many.map(p => p.kind)).size, 3);
  t.is(new Set(many.map(p => (p.where as {member: string}).member)).size, 11);
});

test("a fault that is kept to a component stays there", t => {
  const among = [{kind: "process", params: {name: "haproxy"}, component: "vip"}];
  const plans = schedule({...chaos, among}, lab, 3);
  t.true(plans.every(p => (p.where as {component: string}).component === "vip"));
});

test("a moment without anything to do is refused, unless the scenario allows more", t => {
  const plan = {...chaos, components: ["galera"], lastsMs: 60_000};
  const error = t.throws(() => schedule(plan, lab, 1));
  t.regex(error!.message, /`chaos` has nothing to do at 40.0 s: galera-\d are down then, and no other member may be/);
  t.notThrows(() => schedule({...plan, down: 3}, lab, 1));
});

test("a component that cannot lose anybody is left alone", t => {
  const topology = topologyOf([component("galera", "galera", 2), component("memcached", "memcached", 2)]);
  t.true(schedule(chaos, topology, 9).every(p => (p.where as {component: string}).component === "memcached"));
});

test("what a random schedule may do, for people", t => {
  t.is(
    describeChaos({everyMs: 20_000, forMs: 300_000, lastsMs: 10_000, among: [{kind: "kill", params: {}}]}),
    "chaos every 20.0 s for 5 min, each for 10.0 s, among kill",
  );
  t.is(
    describeChaos({
      everyMs: 5000,
      forMs: 60_000,
      lastsMs: 2000,
      among: [
        {kind: "partition", params: {direction: "in"}},
        {kind: "process", params: {name: "haproxy", signal: "STOP"}, component: "vip"},
      ],
      components: ["vip", "galera"],
      down: 2,
    }),
    "chaos every 5.00 s for 1 min, each for 2.00 s, in vip and galera, at most 2 of a component down, among partition (in alone), process vip (haproxy, STOP)",
  );
});
