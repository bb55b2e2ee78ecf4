import test from "ava";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import type {Topology} from "../../lib/topology.ts";
import {faults} from "../faults/registry.ts";
import type {Scenario} from "../scenario/scenario.ts";
import {excusesOf} from "./excuses.ts";

const standstills: Standstill[] = [
  {of: "disk", from: 1, to: 2},
  {of: "processor", from: 3, to: 4},
  {of: "journal", from: 5, to: 6},
];
const component = (name: string, kind: string, disk?: string) => ({
  name,
  kind,
  members: [{name: `${name}-0`, handle: {...(disk ? {disk} : {})}}],
  endpoints: [{name: `${name}-end`, of: name}],
});
const topology = {
  components: [
    component("galera", "galera"),
    component("small", "galera", "/disk"),
    component("memcached", "memcached"),
  ],
} as unknown as Topology;
const load = Object.fromEntries(
  ["galera", "small", "memcached"].map(name => [name, {endpoint: `${name}-end`}]),
) as unknown as Scenario["load"];
const kinds = (hit: string[]) =>
  Object.entries(
    excusesOf(
      standstills,
      {load},
      topology,
      hit.map(fault => ({fault})),
    ),
  ).map(([name, all]) => [name, ...all.map(s => s.of)]);

test("the disk excuses only those who wait for the machine's disk, the processor everybody, the journal nobody", t => {
  t.deepEqual(kinds(["kill", "pause"]), [
    ["galera", "disk", "processor"],
    ["small", "processor"],
    ["memcached", "processor"],
  ]);
});

test("nobody is excused beside a fault that makes the machine slow itself", t => {
  const slow = faults.filter(f => f.burdensMachine).map(f => f.kind);
  t.deepEqual(slow.sort(), ["change", "disk-full", "memory", "neighbours", "slow-disk", "volume"]);
  for (const kind of slow)
    t.deepEqual(
      kinds(["kill", kind]).flatMap(([, ...all]) => all),
      [],
      kind,
    );
});

test("without a watcher there is no excuse", t => {
  t.deepEqual(excusesOf(undefined, {load}, topology, []), {galera: [], small: [], memcached: []});
});
