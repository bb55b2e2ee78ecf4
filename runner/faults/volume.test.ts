import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {Random} from "../../lib/random.ts";
import {FakeTarget} from "../../test/fake-target.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import {healHit} from "../heal.ts";
import type {Params, Where} from "../scenario/scenario.ts";
import type {Victim} from "./fault.ts";
import {faultOf} from "./registry.ts";

const component = fakeTopology.components[0]!;
const [one] = component.members as [(typeof component.members)[number]];
const volume = faultOf("volume");

async function inject(target: FakeTarget, params: Params): Promise<Victim> {
  const victim: Victim = {member: one, params, before: await target.look(one)};
  await volume.inject(target, victim);
  return victim;
}

test("foreign: down, then started with it after its time, and healed with what was its own", async t => {
  const target = new FakeTarget();
  const victim = await inject(target, {content: "foreign", by: "kill", starts: 150});
  const down = await volume.evidence(target, victim);
  t.regex(
    "done" in down ? down.done : down.seen,
    /^memcached-0: down, with the volume of another cluster; .* kept aside$/,
  );
  await sleep(250);
  const up = await volume.evidence(target, victim);
  t.regex("done" in up ? up.done : up.seen, /^memcached-0: started with the volume of another cluster; .* kept aside$/);
  await healHit(target, volume, victim);
  t.true(target.whole);
  t.deepEqual(
    target.log.filter(line => !line.startsWith("prepare")),
    [
      ...["kill memcached-0", "replace memcached-0 foreign", "start memcached-0"],
      ...["kill memcached-0", "put back memcached-0", "start memcached-0"],
    ],
  );
});

test("foreign, healed before its time: it never starts with it", async t => {
  const target = new FakeTarget();
  const victim = await inject(target, {content: "foreign", by: "stop", starts: 100});
  await healHit(target, volume, victim);
  await sleep(200);
  t.deepEqual(
    target.log.filter(line => line.startsWith("start") || line.startsWith("stop")),
    ["stop memcached-0", "start memcached-0"],
  );
  t.true(target.whole);
});

test("a member that is not started with it is no evidence", async t => {
  const target = new FakeTarget({neverStarts: true});
  const victim = await inject(target, {content: "foreign", by: "kill", starts: 0});
  await sleep(50);
  t.deepEqual(await volume.evidence(target, victim), {seen: "it was not started"});
});

test("old and empty stay when it is healed", async t => {
  for (const content of ["old", "empty"]) {
    const target = new FakeTarget();
    const victim = await inject(target, {content, by: "kill"});
    t.true("done" in (await volume.evidence(target, victim)));
    await healHit(target, volume, victim);
    t.true(target.log.includes("keep memcached-0"));
    t.true(target.whole);
  }
});

test("what it is not for is refused", t => {
  const all: Where = {component: "memcached", every: true};
  const messages = (params: Params, where: Where) => volume.check!({by: "kill", ...params}, where).map(p => p.message);
  t.deepEqual(messages({content: "empty"}, {component: "memcached", pick: "random"}), []);
  t.regex(
    messages({content: "empty"}, all)[0]!,
    /^is "empty". That takes one member, by `component` with `member` or `pick`/,
  );
  t.regex(
    messages({content: "old"}, {component: "memcached", pick: "random"})[0]!,
    /`member`: its content is made before/,
  );
  t.regex(
    messages({content: "old", starts: 5}, {component: "memcached", member: "memcached-0"})[0]!,
    /goes with `content: foreign`/,
  );
  const [problem] = volume.fits!(fakeTopology, {content: "foreign"}, {component: "memcached", member: "memcached-0"});
  t.is(problem!.message, 'is "foreign". It takes a component with a cluster of its own; memcached is memcached.');
});

test("return: each at a time of its own that the seed gives again, within the limit", async t => {
  const placed = component.members.map(member => ({component, member}));
  const kill = faultOf("kill");
  const about = {target: new FakeTarget(), topology: fakeTopology, id: "r1_0", where: {all: true} as const};
  const delays = async (seed: number) => {
    const hits = await kill.plan!(placed, {...about, random: new Random(seed), params: {return: {over: 6000}}});
    return hits.map(hit => kill.healAfterMs!(hit));
  };
  t.deepEqual(await delays(1), await delays(1));
  t.notDeepEqual(await delays(1), await delays(2));
  t.is(new Set(await delays(1)).size, 3);
  t.true((await delays(1)).every(ms => ms >= 0 && ms <= 6000));
});
