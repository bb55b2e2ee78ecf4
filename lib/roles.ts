import type {FrontEndBefore} from "./proxies.ts";
import type {Random} from "./random.ts";
import type {MemberState, StateQuestion} from "./state/state.ts";
import type {Placed, Topology, TopologyComponent, TopologyMember} from "./topology.ts";

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
  /** Told at once who was picked, so that it is no longer free for others that look at the same time. */
  claim?: (member: string) => void;
  /** Queues that the run's load uses, by component. */
  queues(component: string): readonly RunQueue[];
}

/** What a role of one component is asked with: the front ends of proxies that lead to it, too. */
export interface RoleAsking extends Asking {
  frontEnds: readonly FrontEndBefore[];
}

/** Who has a role now; or what was seen when nobody can be named. */
export type FoundRole = {member: TopologyMember} | {seen: string};

/** Something that one member of a component does for the others. */
export interface Role {
  /** Who has it now. */
  find(asking: RoleAsking, component: TopologyComponent): Promise<FoundRole>;
  /** Clients that are sent to one member at a time have nothing to do with one that has this role: its loss breaks
   *  no session of theirs. */
  idle: boolean;
  /** The member does not say itself that it has the role, others do: `status` asks them. */
  toldByOthers: boolean;
}

/** One of the members that no fault hits now, by the seed. */
export function pickFree({random, hit, claim}: Asking, members: readonly TopologyMember[]): FoundRole {
  const busy = hit?.() ?? new Set();
  const free = members.filter(member => !busy.has(member.name));
  if (free.length === 0) return {seen: "every member is hit by a fault already"};
  const member = random.pick(free);
  claim?.(member.name);
  return {member};
}

/** Any member, by the run's seed. Every kind has it. */
export const random: Role = {
  find: async (asking, component) => pickFree(asking, component.members),
  idle: false,
  toldByOthers: false,
};

/** A member that does not have that role; which one, by the run's seed. */
export const butNot = (role: Role, {idle}: Pick<Role, "idle">): Role => ({
  idle,
  toldByOthers: false,
  async find(asking, component) {
    const found = await role.find(asking, component);
    if ("seen" in found) return found;
    const others = component.members.filter(m => m !== found.member);
    return others.length > 0 ? pickFree(asking, others) : {seen: "there is only one member"};
  },
});

/** Every member of the component with its state, asked at the same time. */
export function statesOf(asking: Asking, component: TopologyComponent) {
  return Promise.all(component.members.map(async member => ({member, state: await asking.state({component, member})})));
}

/** Members of a proxy that hold its address, with what they know of the servers behind them. */
export async function holdersOf(asking: Asking, {proxy, is}: Pick<FrontEndBefore, "proxy" | "is">) {
  const answers = await statesOf(asking, proxy);
  return {
    holders: answers.filter(answer => is.holds(answer.state)),
    seen: answers.map(({member, state}) => `${member.name}: ${state.state}`).join("; "),
  };
}
