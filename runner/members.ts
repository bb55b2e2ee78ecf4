import {kindOf} from "../components/kinds.ts";
import {firstLine} from "../lib/problems.ts";
import type {MemberState} from "../lib/state/state.ts";
import type {Placed, Topology} from "../lib/topology.ts";
import type {ProcessLook, Target} from "./targets/target.ts";

/** Every member of the stack. */
export function membersOf(topology: Topology): Placed[] {
  return topology.components.flatMap(component => component.members.map(member => ({component, member})));
}

/** Asks a member how it stands in its cluster. Never throws: one that cannot answer is not healthy, and says why. */
export async function askState(target: Target, {component, member}: Placed, limitMs = 10_000): Promise<MemberState> {
  const {command, parse} = kindOf(component.kind).state;
  try {
    return parse(await target.exec(member, command, limitMs));
  } catch (error) {
    const looks = await target.look(member).catch(() => undefined);
    return {healthy: false, state: (looks && processTrouble(looks)) ?? firstLine(error), roles: [], detail: {}};
  }
}

/** Asks the question of its health check as well as the state: healthy only when every process runs and both agree. */
export async function askHealth(target: Target, placed: Placed, limitMs = 10_000): Promise<MemberState> {
  const looks = await target.look(placed.member).catch(() => undefined);
  const trouble = looks ? processTrouble(looks) : "gone";
  if (trouble) return {healthy: false, state: trouble, roles: [], detail: {}};
  return askState(target, placed, limitMs);
}

/** What is wrong with its processes, seen from outside; undefined when all run. */
export function processTrouble(looks: readonly ProcessLook[]): string | undefined {
  const [main] = looks;
  if (looks.some(look => look.paused)) return "paused";
  const down = looks.filter(look => !look.running);
  if (down.length === 0) return undefined;
  if (down.length === looks.length || down.includes(main!)) return `down (exit code ${down[0]!.exitCode ?? "unknown"})`;
  return `${down.map(look => look.process).join(", ")} down`;
}
