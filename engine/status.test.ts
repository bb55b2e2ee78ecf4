import {stripVTControlCharacters} from "node:util";
import test from "ava";
import {drawn} from "../cli/commands/status.ts";
import type {CommandOutput} from "../lib/state/state.ts";
import type {Topology, TopologyMember} from "../lib/topology.ts";
import {FakeTarget} from "../test/fake-target.ts";
import {fakeTopology} from "../test/fake-topology.ts";
import {statusOf} from "./status.ts";

const pool = fakeTopology.components[0]!;
const topology: Topology = {
  ...fakeTopology,
  components: [
    pool,
    {
      ...pool,
      name: "vip",
      kind: "virtualip",
      members: pool.members.slice(0, 2).map((m, i) => ({...m, name: `vip-${i}`})),
      endpoints: [],
    },
  ],
};

class VipTarget extends FakeTarget {
  readonly holders: string[];
  constructor(holders: string[]) {
    super();
    this.holders = holders;
  }
  override async exec(member: TopologyMember, command: string[]): Promise<CommandOutput> {
    if (!member.name.startsWith("vip")) return super.exec(member, command);
    return {code: 0, stdout: `healthy\nholds ${this.holders.includes(member.name) ? "yes" : "no"}\n`, stderr: ""};
  }
}

test("every member with its state and what it does", async t => {
  const found = await statusOf(new VipTarget(["vip-1"]), topology);
  t.true(found.healthy);
  t.deepEqual(
    found.members.map(m => [m.member, m.healthy, m.roles.join()]),
    [
      ["memcached-0", true, ""],
      ["memcached-1", true, ""],
      ["memcached-2", true, ""],
      ["vip-0", true, ""],
      ["vip-1", true, "holder"],
    ],
  );
});

test("two holders are an alarm, and so is none", async t => {
  const two = await statusOf(new VipTarget(["vip-0", "vip-1"]), topology);
  t.deepEqual([two.healthy, two.alarms], [false, ["vip: vip-0 and vip-1 hold the address at the same time."]]);
  t.deepEqual((await statusOf(new VipTarget([]), topology)).alarms, ["vip: nobody holds the address."]);
});

test("what is down or frozen is seen without asking it", async t => {
  const target = new VipTarget(["vip-0"]);
  await target.kill(pool.members[0]!);
  await target.pause(pool.members[1]!);
  const found = await statusOf(target, topology);
  t.deepEqual(
    found.members.slice(0, 2).map(m => m.state),
    ["down (exit code 137)", "paused"],
  );
  t.false(found.healthy);
});

test("80 columns are enough", async t => {
  const found = await statusOf(new VipTarget(["vip-0"]), topology);
  const text = drawn(found, 200_000, {width: 80, colour: true});
  for (const line of text.split("\n")) t.true(stripVTControlCharacters(line).length <= 80, line);
  t.regex(text, /5 of 5 members healthy/);
});

for (const width of [40, 60, 80])
  test(`at ${width} columns states are whole: columns are left out instead`, t => {
    const row = (component: string, member: string, state: string, roles: string[] = []) => ({
      component,
      member,
      zone: "a",
      healthy: true,
      state,
      roles,
      since: 0,
      detail: {},
    });
    const found = {
      stack: "lab/lab",
      healthy: true,
      alarms: [],
      members: [
        row("galera", "galera-0", "Synced, Primary, 3 of 3", ["writer"]),
        row("rabbitmq", "rabbitmq-0", "down (exit code 137)", ["leader:3"]),
        row("memcached", "memcached-0", "serving"),
      ],
    };
    const lines = drawn(found, 3_700_000, {width, colour: false}).split("\n");
    for (const {member, state} of found.members)
      t.true(
        lines.some(line => line.includes(member) && line.includes(state)),
        `${member} ${lines.join("\n")}`,
      );
    t.true(lines.every(line => line.length <= width));
    t.is(lines[0]!.includes("component"), width > 79);
    t.is(lines[0]!.includes("roles"), width > 50);
  });
