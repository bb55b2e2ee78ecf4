import type {Random} from "../../lib/random.ts";
import type {TopologyMember} from "../../lib/topology.ts";

export const shapes = ["minority", "halves", "bridge", "ring"] as const;
export type Shape = (typeof shapes)[number];

/** Fewest members that a shape makes sense of. */
export const fewest: Record<Shape, number> = {minority: 3, halves: 2, bridge: 3, ring: 4};

/** What one member no longer hears from and sends to. */
export interface Cut {
  member: TopologyMember;
  /** `drop`: these addresses; `only`: everything but these. */
  mode: "drop" | "only";
  addresses: string[];
}

/** The members of a component fall apart in that shape, by the seed. Members that are cut off from nobody are left
 *  out. */
export function cutByShape(members: readonly TopologyMember[], shape: Shape, random: Random): Cut[] {
  const order = shuffle(members, random);
  const sees = views[shape](order.length);
  return order.flatMap((member, i) => {
    const lost = order.filter((_, j) => j !== i && !sees(i, j));
    return lost.length > 0
      ? [{member, mode: "drop" as const, addresses: lost.flatMap(other => shared(member, other))}]
      : [];
  });
}

/** Each of these members loses the given others. */
export function cutFrom(members: readonly TopologyMember[], others: readonly TopologyMember[]): Cut[] {
  return members.map(member => ({
    member,
    mode: "drop",
    addresses: others.filter(other => other !== member).flatMap(other => shared(member, other)),
  }));
}

/** These members lose everyone, clients too. `together`: but not each other, as in a zone that is cut off. */
export function cutOff(members: readonly TopologyMember[], together: boolean): Cut[] {
  return members.map(member => ({
    member,
    mode: "only",
    addresses: together ? members.filter(other => other !== member).flatMap(other => shared(member, other)) : [],
  }));
}

/** Who sees whom, by place in the shuffled order; the same in both directions. */
const views: Record<Shape, (size: number) => (i: number, j: number) => boolean> = {
  minority: size => {
    const few = Math.floor((size - 1) / 2);
    return (i, j) => i < few === j < few;
  },
  halves: size => {
    const half = Math.floor(size / 2);
    return (i, j) => i < half === j < half;
  },
  // The first one is the bridge: both halves see it, and it sees both.
  bridge: size => {
    const half = 1 + Math.floor((size - 1) / 2);
    return (i, j) => i === 0 || j === 0 || i < half === j < half;
  },
  // Each sees its two neighbours in a circle, so no two see the same majority.
  ring: size => (i, j) => [1, size - 1].includes(Math.abs(i - j)),
};

function shuffle<T>(things: readonly T[], random: Random): T[] {
  const left = [...things];
  return things.map(() => {
    const next = random.pick(left);
    left.splice(left.indexOf(next), 1);
    return next;
  });
}

/** Addresses of the other on the networks that both are on. */
export function shared(member: TopologyMember, other: TopologyMember): string[] {
  const networks = Object.keys(member.addresses) as (keyof TopologyMember["addresses"])[];
  return networks.flatMap(network => other.addresses[network] ?? []);
}
