import type {TopologyMember} from "../../lib/topology.ts";
import type {FaultKind} from "../scenario/scenario.ts";
import type {ProcessLook, Target} from "../targets/target.ts";

/** A member that a fault hits. */
export interface Victim {
  member: TopologyMember;
  /** The process, for a fault that hits one alone. */
  process?: string;
  /** How its processes were before. */
  before: readonly ProcessLook[];
}

/** One kind of fault. It never knows what the member is, nor what platform it is on. */
export interface Fault {
  kind: FaultKind;
  /** It ends by itself: nothing to undo unless the platform fails to. */
  passing: boolean;
  inject(target: Target, victim: Victim): Promise<void>;
  /** What shows, from outside, that it has taken effect; undefined when nothing does. */
  evidence(looks: readonly ProcessLook[], victim: Victim): string | undefined;
  /** Undoes it. Does nothing where there is nothing to undo. */
  heal(target: Target, member: TopologyMember): Promise<void>;
  /** Whether it is undone: every process runs. */
  healed(looks: readonly ProcessLook[]): boolean;
}

/** Every process runs and none is frozen. */
export function allRun(looks: readonly ProcessLook[]): boolean {
  return looks.every(look => look.running && !look.paused);
}

/** `main, haproxy and net`. */
export function processNames(looks: readonly ProcessLook[]): string {
  const names = looks.map(look => look.process);
  return names.length < 2 ? (names[0] ?? "nothing") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
