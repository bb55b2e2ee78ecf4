import type {z} from "zod";
import type {Look} from "../../lib/limit.ts";
import type {Random} from "../../lib/random.ts";
import type {Placed, Topology, TopologyMember} from "../../lib/topology.ts";
import type {Params, Where} from "../scenario/scenario.ts";
import type {Aim, Fired, ProcessLook, Target} from "../targets/target.ts";

/** One member that a fault hits, with all that it takes to do it and to undo it. The journal keeps this. */
export interface Hit {
  member: TopologyMember;
  params: Params;
}

/** A hit that is about to happen. */
export interface Victim extends Hit {
  /** How its processes were before. */
  before: readonly ProcessLook[];
  /** A burst has ended what its fault aimed at: nothing is left to end. */
  shot?: Fired;
}

/** What a fault of the network does, as shell scripts in the member's network. */
export interface NetworkScripts {
  apply: string;
  /** Makes the member talk, so that it shows. */
  provoke: string;
  /** Prints what {@link judge} reads. */
  show: string;
  undo: string;
  judge: (shown: string) => Look<string>;
}

/** What {@link Fault.plan} derives the hits from. */
export interface Planning {
  target: Target;
  topology: Topology;
  random: Random;
  /** Unique for this injection: lower-case letters and digits. */
  id: string;
  where: Where;
  params: Params;
}

/** What may be asked of whoever brings stacks up. The runner itself never runs the engine. */
export interface StackChanger {
  /** Changes the stack until it stands with these settings above those of the scenario, one member at a time. Resolves
   *  with what came and went. The signal stops it between two members. */
  change(
    settings: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<{added: string[]; removed: string[]}>;
}

/** One kind of fault. It never knows what software the member runs, nor what platform it is on: planned work, which has
 *  to,  comes from the kind of the component. */
export interface Fault {
  kind: string;
  /** What it does, in a sentence, for the schema and the reference. */
  does: string;
  /** Keys that it takes besides its target. */
  keys?: Readonly<Record<string, z.ZodType>>;
  /** It ends by itself: nothing to undo unless the platform fails to. */
  passing: boolean | ((params: Params) => boolean);
  /** Faults of the platform must be among those that a member's handle names. Default true. */
  ofPlatform?: boolean;
  /** The component alone names its target: no `member` or `pick`. */
  wholeComponent?: (params: Params) => boolean;
  /** It makes the machine itself slow: when that stands still while such a fault is in the run, nobody is excused. */
  burdensMachine?: true;
  /** Text for people beside the target: `(keepalived)`. */
  detail?: (params: Params) => string | undefined;
  /** What is wrong with the keys together, as problems with the key that they are about. Asked when the file is
   *  read. */
  check?: (params: Params, where: Where) => {key: string; message: string}[];
  /** What of the stack does not fit: asked before anything is done to it. */
  fits?: (topology: Topology, params: Params, where: Where) => {key: string; message: string}[];
  /** Why this machine cannot do it to one of these members, in a sentence; undefined when it can. Asked before the
   *  load. */
  able?: (target: Target, members: readonly TopologyMember[], params: Params) => Promise<string | undefined>;
  /** Makes ready, ahead of time, what the injection needs: called before the load, and again when the victims are
   *  known. */
  prepare?: (target: Target, members: readonly TopologyMember[], params: Params, topology: Topology) => Promise<void>;
  /** How long the injection itself may take, in milliseconds, where that is more than an instant. */
  injectMs?: (params: Params) => number;
  /** What each member gets. Default: each gets what the scenario says. */
  plan?: (members: readonly Placed[], planning: Planning) => Hit[] | Promise<Hit[]>;
  /** What of the member ends in one instant with that of all others that are hit then; asked ahead of time. {@link
   *  inject} does afterwards what is left to do. Undefined: nothing ends. */
  aim?: (target: Target, victim: Victim) => Promise<Aim | undefined>;
  /** Where processes cannot be ended in one instant: keeps the member from noticing, until it is hit itself, what
   *  happens to the others. Undone by {@link inject} and {@link heal} alike. */
  hold?: (target: Target, victim: Victim) => Promise<void>;
  /** Scripts for the member's network, where such scripts are all that it is: the helper beside the member then keeps
   *  its time. */
  inNetwork?: (hit: Hit) => NetworkScripts;
  /** The shortest that it can last, in milliseconds, as measured until now. Default: as long as a word to the platform
   *  takes. */
  shortestMs?: (target: Target, member: TopologyMember) => number;
  /** When the member was no longer affected, Unix milliseconds, where that shows from outside. Default: when {@link
   *  heal} was done. */
  undoneAt?: (target: Target, hit: Hit) => Promise<number>;
  inject(target: Target, victim: Victim, stack?: StackChanger): Promise<void>;
  /** What shows, from outside, that it has taken effect; else what was seen instead. */
  evidence(target: Target, victim: Victim): Promise<Look<string>>;
  /** How much later than the others it is undone, in milliseconds. After an interrupt, or by `heal`, all are at
   *  once. */
  healAfterMs?: (hit: Hit) => number;
  /** Undoes it. Does nothing where there is nothing to undo. */
  heal(target: Target, hit: Hit, stack?: StackChanger): Promise<void>;
  /** Whether it is undone, else what is seen. Default: every process runs. */
  healed?: (target: Target, hit: Hit) => Promise<Look<true>>;
}

/** Whether a fault with these parameters ends by itself. */
export function passes({passing}: Fault, params: Params): boolean {
  return typeof passing === "boolean" ? passing : passing(params);
}

/** Evidence from how the platform sees the processes, which is all that faults of whole processes need. */
export function byLooks(
  judge: (looks: readonly ProcessLook[], victim: Victim) => string | undefined,
): Fault["evidence"] {
  return async (target, victim) => {
    const found = judge(await target.look(victim.member), victim);
    return found ? {done: found} : {seen: "its processes run as before"};
  };
}

/** Lets frozen processes go on and starts those that are down. */
export async function goOn(target: Target, {member}: Hit): Promise<void> {
  await target.unpause(member);
  await target.start(member);
}

/** Every process runs and none is frozen. */
export async function allRun(target: Target, {member}: Hit): Promise<Look<true>> {
  const looks = await target.look(member);
  if (looks.every(look => look.running && !look.paused)) return {done: true};
  return {seen: looks.map(l => `${l.process} ${l.paused ? "frozen" : l.running ? "running" : "down"}`).join(", ")};
}

/** What was down is so until its main process runs again: what is beside it only watches. */
export const untilStarted: Pick<Fault, "shortestMs" | "undoneAt"> = {
  shortestMs: (target, member) => target.startMs(member),
  undoneAt: async (target, {member}) => (await target.look(member))[0]!.since,
};
