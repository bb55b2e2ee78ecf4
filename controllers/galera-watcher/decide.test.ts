import test from "ava";
import type {Decision} from "./decide.ts";
import {Simulation} from "./simulation.ts";

/** A cluster that stands, then what happens in it; `speak` lets everybody look, decide and hear each other. */
function after(size: number, happens: (world: Simulation) => void, {arbitrator = false, rounds = 2} = {}): Simulation {
  const world = new Simulation(size, {arbitrator});
  world.settle();
  happens(world);
  for (let i = 0; i < rounds; i++) speak(world);
  return world;
}
function speak(world: Simulation): void {
  const all = [...world.nodes.keys()];
  world.now += 20;
  for (const i of all) world.tick(i);
  for (const i of all) for (const j of all) world.deliver(i, j, 100);
}
/** Member and watcher die, and all others see it. */
function die(world: Simulation, i: number): void {
  world.kill(i);
  world.stopWatcher(i);
  for (const j of world.nodes.keys()) world.seeDead(j, i);
}
function forEach(all: number[], what: (i: number) => void): void {
  for (const i of all) what(i);
}
const dieAll = (world: Simulation, all: number[]): void => forEach(all, i => die(world, i));
function dieWithWatcher(world: Simulation, member: number, watcher: number): void {
  die(world, member);
  world.stopWatcher(watcher);
}
function startThenDie(world: Simulation, watcher: number, member: number): void {
  world.startWatcher(watcher);
  for (const j of world.nodes.keys()) {
    world.connect(watcher, j);
    world.connect(j, watcher);
  }
  speak(world);
  die(world, member);
}
const evicted = (world: Simulation) => world.evictions.map(e => e.name);

test("one of three is killed: both others evict it, once, and stay primary", t => {
  const world = after(3, w => die(w, 2), {rounds: 5});
  t.deepEqual(evicted(world), ["m2", "m2"]);
  world.regroup([0, 1]);
  t.deepEqual(
    world.nodes.map(n => n.primary),
    [true, true, false],
  );
});

test("back under another id: the list is emptied, and the next kill is evicted as the first", t => {
  const world = after(3, w => die(w, 2));
  for (let kill = 1; kill <= 20; kill++) {
    world.regroup([0, 1]);
    world.restart(2);
    world.startWatcher(2);
    world.regroup([0, 1, 2]);
    world.now += 3000;
    world.settle();
    t.deepEqual(
      world.nodes.slice(0, 2).map(n => n.evicted.size),
      [0, 0],
    );
    t.is(world.evictions.length, 2 * kill);
    die(world, 2);
    speak(world);
    speak(world);
  }
  t.is(world.evictions.length, 42);
});

test("gone for good: the list is emptied after a while", t => {
  const world = after(3, w => die(w, 2));
  world.regroup([0, 1]);
  speak(world);
  world.now += 900;
  speak(world);
  t.is(world.nodes[0]!.evicted.size, 1);
  world.now += 100;
  speak(world);
  t.is(world.nodes[0]!.evicted.size, 0);
});

test("what is left on a list goes before the next eviction", t => {
  const world = after(5, w => {
    w.nodes[0]!.evicted.add("long gone");
    die(w, 4);
  });
  t.deepEqual([...world.nodes[0]!.evicted], [world.nodes[4]!.id]);
});

test("the arbitrator votes, and the member that is left evicts", t => {
  const world = after(3, w => die(w, 0), {arbitrator: true});
  t.deepEqual(evicted(world), ["m0"]);
  world.regroup([1, 2]);
  t.true(world.nodes[1]!.primary);
});

test("the arbitrator is killed: both members evict it", t =>
  t.deepEqual(evicted(after(3, w => die(w, 2), {arbitrator: true})), ["m2", "m2"]));

const nobody: [what: string, size: number, happens: (w: Simulation) => void, why?: RegExp][] = [
  ["nothing happens", 3, () => {}, /all is well/],
  ["one of two", 2, w => die(w, 1), /1 of 2 votes/],
  ["two of three at once", 3, w => dieAll(w, [1, 2]), /m1, m2: more than one is dead/],
  ["two of five at once", 5, w => dieAll(w, [3, 4]), /m3, m4: more than one is dead/],
  [
    "one is dead and another one's connection closed",
    5,
    w => {
      die(w, 4);
      for (const i of [0, 1, 2]) w.see(i, 3, {kind: "ended", what: "hold", how: "kernel"});
    },
    /m4 is dead, and m3 is in trouble too/,
  ],
  ["a watcher was killed with a member", 3, w => dieWithWatcher(w, 2, 1), /m2 is dead, and m1 is in trouble too/],
  ["only a watcher was killed", 3, w => w.stopWatcher(2), /m2 is not dead for sure/],
  ["a watcher was started again just before", 3, w => startThenDie(w, 0, 2), /never heard this watcher/],
  ["silence", 3, w => forEach([0, 1], i => w.cut(i, 2, "silence")), /all is well/],
  ["only one sees it", 3, w => w.seeDead(0, 2), /voted that m2 is dead: 1 of 3 votes/],
  ["a firewall resets all that one has", 5, w => forEach([1, 2, 3, 4], i => w.seeDead(0, i)), /more than one/],
];
for (const [what, size, happens, why] of nobody) {
  test(`nobody is evicted: ${what}`, t => {
    const world = after(size, happens, {rounds: 4});
    t.deepEqual(evicted(world), []);
    if (why) t.regex(world.decision(0).why, why);
  });
}

test("cut off with resets from a firewall: the majority evicts it, and it evicts nobody", t => {
  const world = after(3, w => {
    for (const [i, j] of [
      [0, 2],
      [1, 2],
      [2, 0],
      [2, 1],
    ] as const)
      w.seeDead(i, j);
  });
  t.deepEqual(evicted(world), ["m2", "m2"]);
  world.regroup([0, 1]);
  world.regroup([2]);
  t.deepEqual(
    world.nodes.map(n => n.primary),
    [true, true, false],
  );
});

test("whose connection to the victim stands does not evict it", t => {
  const world = after(5, w => forEach([0, 1, 2], i => w.seeDead(i, 4)));
  t.deepEqual(evicted(world), ["m4", "m4", "m4"]);
  t.regex(world.decision(3).why, /its connection stands here/);
});

test("load balancers hear of it with the majority, and no sooner", t => {
  const downs: Decision["down"][] = [];
  const world = after(3, w => die(w, 2), {rounds: 0});
  for (let i = 0; i < 3; i++) {
    speak(world);
    downs.push(world.decision(0).down);
  }
  t.deepEqual(downs.at(-1), ["m2"]);
  const single = after(3, w => w.seeDead(0, 2), {rounds: 3});
  t.deepEqual(single.decision(0).down, []);
});

test("a look that is old is no view: nothing is done", t => {
  const world = after(3, w => die(w, 2), {rounds: 0});
  world.now += 600;
  for (const i of [0, 1]) world.tick(i, false);
  t.deepEqual(evicted(world), []);
  t.regex(world.decision(0).why, /no primary component/);
});
