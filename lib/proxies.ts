import type {ClientTimings, Failure} from "./budget/failure.ts";
import type {Term} from "./budget/terms.ts";
import type {MemberState, StateQuestion} from "./state/state.ts";
import type {TopologyComponent, TopologyMember} from "./topology.ts";

/** What a kind can do whose members stand between clients and the members of other components: of several, one holds
 *  the address that clients use, and each leads its front ends to servers. */
export interface Proxying extends ProxyOrders {
  /** Whether a member has the address, by its state. */
  holds(state: MemberState): boolean;
  /** The server that takes the new sessions of a front end with a single writer; undefined where it has none. */
  writerAt(state: MemberState, frontEnd: string): string | undefined;
  /** Whether all sessions of that front end go to one server. */
  oneWriter(proxy: TopologyComponent, frontEnd: string): boolean;
  budget: ProxyBudget;
}

/** What is asked of a member of a proxy, and told it. They do not tell one another. */
export interface ProxyOrders {
  /** `drain`: no new sessions, those that are open go on. `ready`: as its checks say. Parsed: whether it was taken. */
  setServer(frontEnd: string, server: string, state: "drain" | "ready"): StateQuestion<boolean>;
  /** How many sessions are open with a server; undefined when the proxy does not say. */
  sessionsOf(frontEnd: string, server: string): StateQuestion<number | undefined>;
  /** Sends the new sessions of a single-writer front end to another server. For the member that holds the address. */
  moveWriter(frontEnd: string, server: string): StateQuestion<boolean>;
  /** How to ask who holds the address and who takes the writes. */
  state: StateQuestion<MemberState>;
}

/** What failures cost at a proxy, as terms of an outage. docs/budgets.md has the equations. */
export interface ProxyBudget {
  /** Until another member has the address, from when its holder failed. */
  addressMoves(proxy: TopologyComponent, failure: Failure): Term[];
  /** Whether clients of the holder are told: their connections are closed. */
  clientsAreTold(failure: Failure): boolean;
  /** Until a server is taken out, from when it failed. */
  serverOut(proxy: TopologyComponent, frontEnd: string, kind: Failure["kind"]): Term[];
  /** Until a server is taken in again, from when its check would be answered well. */
  serverIn(proxy: TopologyComponent, frontEnd: string): Term[];
  /** What a client may still wait for at a server that is out, where its sessions are kept. */
  keptSessions(proxy: TopologyComponent, frontEnd: string, kind: Failure["kind"], client: ClientTimings): Term[];
}

/** A front end that leads to a component, and what its proxy can do. */
export interface FrontEndBefore {
  proxy: TopologyComponent;
  frontEnd: string;
  is: Proxying;
}

/** One member of a proxy with its front ends that lead to a component, and what it can be told. */
export interface ProxyMember {
  member: TopologyMember;
  frontEnds: readonly string[];
  is: Proxying;
}
