import type {MemberState, StateQuestion} from "./state/state.ts";
import type {ComponentKind, Topology, TopologyComponent, TopologyMember} from "./topology.ts";
import type {Placed} from "../runner/members.ts";
import type {Random} from "../runner/random.ts";
import type {Pick} from "../runner/scenario/scenario.ts";

/** A queue of this run: its leader is the one to hit. */
export interface RunQueue {
  queue: string;
  vhost: string;
}

/** What finding a role may use. */
export interface Asking {
  topology: Topology;
  random: Random;
  /** Asks one member for its state; never throws. */
  state(placed: Placed): Promise<MemberState>;
  /** Asks one member any question; undefined when it cannot answer. */
  ask<S>(member: TopologyMember, question: StateQuestion<S>): Promise<S | undefined>;
  /** Members that a fault hits now: nobody is picked twice at a time. Absent: none. */
  hit?: () => ReadonlySet<string>;
  /** Queues that the run's load uses, by component. */
  queues(component: string): readonly RunQueue[];
}

/** Something that one member of a component does for the others. */
export interface Role {
  pick: Pick;
  /** Kinds of components that have it. */
  kinds: readonly ComponentKind[];
  /** Who has it now; or what was seen when nobody can be named. */
  find(asking: Asking, component: TopologyComponent): Promise<{member: TopologyMember} | {seen: string}>;
}

/** One of the members that no fault hits now, by the seed. */
export function pickFree(
  {random, hit}: Asking,
  members: readonly TopologyMember[],
): {member: TopologyMember} | {seen: string} {
  const busy = hit?.() ?? new Set();
  const free = members.filter(member => !busy.has(member.name));
  return free.length > 0 ? {member: random.pick(free)} : {seen: "every member is hit by a fault already"};
}
