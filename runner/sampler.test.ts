import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {TopologyMember} from "../lib/topology.ts";
import {budgetTopology} from "../test/budget-topology.ts";
import {FakeTarget} from "../test/fake-target.ts";
import {fakeTopology} from "../test/fake-topology.ts";
import {Sampler, stateFrom} from "./sampler.ts";

const component = fakeTopology.components[0]!;
const placed = {component, member: component.members[0]!};
const look = (process: string, running: boolean, since: number) => ({
  process,
  running,
  paused: false,
  since,
  incarnation: "1",
  ...(running ? {} : {exitCode: 137}),
});

test("a member is down since its first process ended, not since that was noticed", t => {
  const before = Date.now() - 900;
  t.is(stateFrom(placed, [look("main", false, before), look("helper", false, before + 50)]).at, before);
});

test("a process that was never started has no such time", t => {
  t.true(Date.now() - stateFrom(placed, [look("main", false, Date.parse("0001-01-01T00:00:00Z"))]).at < 1000);
});

/** A proxy that says that it holds the address. */
class Holding extends FakeTarget {
  holder = "vip-0";
  override answer({name}: TopologyMember): string {
    return `healthy\nholds ${name === this.holder ? "yes" : "no"}\n`;
  }
}

test("who had a role at the first look, whoever has it later", async t => {
  const target = new Holding();
  const sampler = new Sampler(target, budgetTopology(), ["vip"]);
  t.is(sampler.first("vip", "holder").size, 0);
  sampler.start();
  await sleep(50);
  target.holder = "vip-1";
  await sampler.stop();
  t.deepEqual([...sampler.first("vip", "holder")], ["vip-0"]);
});
