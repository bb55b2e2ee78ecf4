import type {CommandOutput} from "./state/state.ts";
import type {TopologyComponent} from "./topology.ts";

/** How a cluster of a kind comes back when it runs nowhere, and what an operator's word can do. */
export interface Recovery {
  /** For people, after an article: `Galera cluster`. */
  title: string;
  /** What to run inside each member to learn what it knows of it. */
  question: string[];
  /** Puts the members' answers together; undefined: that member could not be asked. */
  read(component: TopologyComponent, answers: Readonly<Record<string, CommandOutput | undefined>>): RecoveryLook;
  /** Tells the spokesman to go on without these members. */
  goOnWithout(members: readonly string[]): string[];
  /** Tells a member that is fenced to throw its data away. */
  discard: string[];
  /** Why such an order was refused; undefined when it was taken. */
  refusal(output: CommandOutput): string | undefined;
}

/** How such a cluster stands at one moment. */
export interface RecoveryLook {
  /** What each member said, for the document. */
  shown: Readonly<Record<string, unknown>>;
  /** Members that serve. */
  running: string[];
  /** One line a member, for people. */
  lines: string[];
  /** The one to ask and to tell, where these members are left out; undefined: nobody waits with data. */
  spokesman(without?: readonly string[]): Spokesman | undefined;
  /** Why these members cannot be left out; empty where they can. */
  refuseWithout(members: readonly string[]): string[];
  /** What could be lost when these members are not waited for, in sentences. */
  loss(members: readonly string[]): string[];
  /** Why the member is fenced; undefined where it is not. */
  fencedWhy(member: string): string | undefined;
}

/** A member that waits with data, and what it knows of the others. */
export interface Spokesman {
  name: string;
  /** The cluster comes back by itself. */
  safe: boolean;
  why: string;
  /** What the member is told meanwhile. */
  toldWhy?: string;
  missing: string[];
  /** The one that it promised to wait for, while that one does not wait itself. */
  bound?: string;
  /** It waits because nothing proves that its data is this cluster's. */
  unproven: boolean;
}
