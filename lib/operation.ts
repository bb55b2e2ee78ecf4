import type {Look} from "./limit.ts";
import type {ProxyMember} from "./proxies.ts";
import type {CommandOutput} from "./state/state.ts";
import type {TopologyComponent, TopologyMember} from "./topology.ts";

/** What planned work may do to members. Whoever reaches them on a platform has these hands. */
export interface Hands {
  /** Runs a command inside a member; `process`: in that companion. Rejects when the member cannot run one. */
  exec(member: TopologyMember, command: string[], limitMs: number, process?: string): Promise<CommandOutput>;
  /** Every process of the member as its platform sees it. */
  look(member: TopologyMember): Promise<readonly {process: string; running: boolean}[]>;
  /** Ends every process in good order; it stays down until {@link start}. */
  stop(member: TopologyMember): Promise<void>;
  start(member: TopologyMember): Promise<void>;
}

/** Planned work on one member. All but what the proxies can be told is plain data, which a journal keeps. */
export interface Work {
  member: TopologyMember;
  /** The other members of its component. */
  others: readonly TopologyMember[];
  /** Every member of every proxy before the component. */
  proxies: readonly ProxyMember[];
  /** What was asked for, by {@link Operation.options}: durations in milliseconds. */
  options: Readonly<Record<string, unknown>>;
}

/** Work on a member that is done on purpose and in good order: with a command, evidence, a bound, and an end that also
 *  takes up again what was cut in the middle. */
export interface Operation {
  /** What scenarios call it: `drain`. */
  name: string;
  /** What it does, in a sentence, for the schema and the reference. */
  does: string;
  /** Durations that may be set, by name, with their defaults in milliseconds and a text for the reference. */
  options: Readonly<Record<string, {defaultMs: number; text: string}>>;
  /** It ends by itself: nothing to undo unless it was cut. */
  passing: boolean;
  /** `component`: it takes members of one component that is named. `anything`: of a whole zone as well. */
  takes: "component" | "anything";
  /** Why a component that is named may not be worked on, as a message about it; undefined when it may. */
  refuses?(component: TopologyComponent): string | undefined;
  /** What whoever aims it at a kind that has no such operation is told, as a message about the component. */
  elsewhere: string;
  /** The longest that {@link run} may take, in milliseconds. */
  limitMs(options: Work["options"]): number;
  run(hands: Hands, work: Work): Promise<void>;
  /** What shows, from outside, that it was done; else what was seen instead. */
  evidence(hands: Hands, work: Work): Promise<Look<string>>;
  /** Undoes it; after a run that died, ends what that left behind. Does nothing where there is nothing to end. */
  end(hands: Hands, work: Work): Promise<void>;
}

/** `main, haproxy and net`. */
export function processNames(looks: readonly {process: string}[]): string {
  const names = looks.map(look => look.process);
  return names.length < 2 ? (names[0] ?? "nothing") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
