import test from "ava";
import fc from "fast-check";
import {Random} from "../../lib/random.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {type Cut, cutByShape, cutFrom, cutOff, fewest, type Shape, shapes} from "./partition-plan.ts";

const membersOf = (size: number): TopologyMember[] =>
  Array.from({length: size}, (_, i) => ({
    name: `m-${i}`,
    zone: "a",
    addresses: {back: `10.0.0.${i + 1}`},
    health: [],
    handle: {platform: "docker", faults: []},
  }));

/** Whether packets go from one to the other under these cuts. */
function talks(members: TopologyMember[], cuts: Cut[]): (a: number, b: number) => boolean {
  const drops = (member: TopologyMember, other: TopologyMember) => {
    const cut = cuts.find(c => c.member === member);
    if (!cut) return false;
    return cut.addresses.includes(other.addresses.back!) === (cut.mode === "drop");
  };
  return (a, b) => !drops(members[a]!, members[b]!) && !drops(members[b]!, members[a]!);
}

const shaped = fc
  .tuple(fc.constantFrom<Shape>(...shapes), fc.integer({min: 2, max: 12}), fc.nat())
  .filter(([shape, size]) => size >= fewest[shape]);

/** For each member: who it can talk to, itself counted, by place. */
function circlesOf(shape: Shape, size: number, seed: number): number[][] {
  const members = membersOf(size);
  const cuts = cutByShape(members, shape, new Random(seed));
  const can = talks(members, cuts);
  return members.map((_, i) => members.flatMap((_, j) => (i === j || can(i, j) ? [j] : [])));
}

test("nobody is cut off from itself, and both sides of a cut know it", t => {
  fc.assert(
    fc.property(shaped, ([shape, size, seed]) => {
      const members = membersOf(size);
      const cuts = cutByShape(members, shape, new Random(seed));
      for (const {member, addresses} of cuts) {
        if (addresses.includes(member.addresses.back!) || addresses.length === 0) return false;
        for (const address of addresses) {
          const other = members.find(m => m.addresses.back === address)!;
          if (!cuts.find(c => c.member === other)?.addresses.includes(member.addresses.back!)) return false;
        }
      }
      return true;
    }),
  );
  t.pass();
});

test("minority: two groups, the smaller one without quorum, the larger one with it", t => {
  fc.assert(
    fc.property(fc.integer({min: 3, max: 12}), fc.nat(), (size, seed) => {
      const groups = new Set(circlesOf("minority", size, seed).map(String));
      const sizes = [...groups].map(g => g.split(",").length).sort((a, b) => a - b);
      return sizes.length === 2 && sizes[0]! < size / 2 && sizes[1]! > size / 2 && sizes[0]! + sizes[1]! === size;
    }),
  );
  t.pass();
});

test("halves: two groups that differ by one at most", t => {
  fc.assert(
    fc.property(fc.integer({min: 2, max: 12}), fc.nat(), (size, seed) => {
      const sizes = [...new Set(circlesOf("halves", size, seed).map(String))].map(g => g.split(",").length);
      return sizes.length === 2 && Math.abs(sizes[0]! - sizes[1]!) <= 1 && sizes[0]! + sizes[1]! === size;
    }),
  );
  t.pass();
});

test("bridge: one member sees all, without it there are two groups", t => {
  fc.assert(
    fc.property(fc.integer({min: 3, max: 12}), fc.nat(), (size, seed) => {
      const circles = circlesOf("bridge", size, seed);
      const bridges = circles.flatMap((c, i) => (c.length === size ? [i] : []));
      const rest = new Set(
        circles.filter((_, i) => !bridges.includes(i)).map(c => c.filter(j => j !== bridges[0]).join()),
      );
      return bridges.length === 1 && rest.size === 2;
    }),
  );
  t.pass();
});

test("ring: each sees two neighbours, no two the same", t => {
  fc.assert(
    fc.property(fc.integer({min: 4, max: 12}), fc.nat(), (size, seed) => {
      const circles = circlesOf("ring", size, seed);
      return circles.every(c => c.length === 3) && new Set(circles.map(String)).size === size;
    }),
  );
  t.pass();
});

test("a seed gives the same cuts again", t => {
  const members = membersOf(7);
  for (const shape of shapes)
    t.deepEqual(cutByShape(members, shape, new Random(5)), cutByShape(members, shape, new Random(5)));
});

test("a member that is cut off talks to nobody, a zone to itself", t => {
  const members = membersOf(5);
  const alone = talks(members, cutOff([members[1]!], false));
  t.deepEqual(
    [0, 2, 3, 4].map(i => alone(1, i)),
    [false, false, false, false],
  );
  const zone = talks(members, cutOff([members[1]!, members[2]!], true));
  t.true(zone(1, 2));
  t.true(zone(3, 4));
  t.false(zone(1, 3));
  t.false(zone(2, 0));
});

test("from others: those alone, on networks that both are on", t => {
  const [one, two] = membersOf(2) as [TopologyMember, TopologyMember];
  const proxy = {...two, addresses: {front: "10.1.0.2", back: "10.0.0.2"}};
  t.deepEqual(cutFrom([one], [one, proxy]), [{member: one, mode: "drop", addresses: ["10.0.0.2"]}]);
  t.deepEqual(cutFrom([proxy], [one]), [{member: proxy, mode: "drop", addresses: ["10.0.0.1"]}]);
});
