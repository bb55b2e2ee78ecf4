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

/** Two proxies that say whether they hold the address. */
class Holding extends FakeTarget {
  readonly says: Record<string, "yes" | "no"> = {};
  override answer({name}: TopologyMember): string {
    return `healthy\nholds ${this.says[name] ?? "no"}\n`;
  }
}

const vip = budgetTopology();
/** What the sampler makes of two looks, 50 ms apart. */
async function twoLooks(first: Holding["says"], second: Holding["says"], between = async (_: Holding) => {}) {
  const target = new Holding();
  const sampler = new Sampler(target, vip, ["vip"]);
  Object.assign(target.says, first);
  sampler.start();
  await sleep(50);
  Object.assign(target.says, second);
  await between(target);
  await sampler.stop();
  return sampler.twoHolders("vip");
}
const [one] = vip.components.find(c => c.name === "vip")!.members;

test("two holders: from when both were seen to hold the address until one was not", async t => {
  const both = await twoLooks({"vip-0": "yes", "vip-1": "yes"}, {"vip-1": "no"});
  t.true(both! >= 40 && both! < 5000, String(both));
  t.true((await twoLooks({"vip-0": "yes", "vip-1": "yes"}, {}))! >= 40, "still so at the end");
});

test("one after the other are never two", async t => {
  t.is(await twoLooks({"vip-0": "yes"}, {"vip-0": "no", "vip-1": "yes"}), 0);
  t.is(await twoLooks({"vip-0": "yes"}, {}), 0);
});

test("a holder that is frozen holds nothing; nobody seen to hold is not known", async t => {
  t.is(await twoLooks({"vip-0": "yes"}, {"vip-1": "yes"}, target => target.pause(one!)), 0);
  t.is(await twoLooks({}, {}), undefined);
});
