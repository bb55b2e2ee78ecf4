import {kindOf} from "../../components/kinds.ts";
import {type Look, until} from "../../lib/limit.ts";
import type {MemberState} from "../../lib/state/state.ts";
import type {Placed, Topology} from "../../lib/topology.ts";
import {askHealth, membersOf} from "../members.ts";
import type {RunContext} from "./context.ts";

/** How long the stack may take to be healthy before a run begins. */
const readyLimitMs = 60_000;

/** Waits until every member is healthy in its cluster. */
export async function waitReady(
  {target, topology, signal}: Pick<RunContext, "target" | "topology" | "signal">,
  limitMs = readyLimitMs,
): Promise<void> {
  const everyone = membersOf(topology);
  let waiting = everyone;
  await until("Every member healthy", {limitMs, everyMs: 500, signal}, async (): Promise<Look<true>> => {
    const answers = await askAll(target, waiting);
    waiting = answers.filter(a => !a.state.healthy).map(a => a.placed);
    if (waiting.length > 0) return {seen: describe(answers)};
    // Who was asked earlier may have seen a cluster that was not whole yet.
    const all = answers.length === everyone.length ? answers : await askAll(target, everyone);
    const split = splits(topology, all);
    return split ? {seen: split} : {done: true};
  });
}

/** Clusters whose members are healthy each for itself and not one; undefined where there is none. */
export function splits(topology: Topology, answers: Awaited<ReturnType<typeof askAll>>): string | undefined {
  const states = answers.map(({placed, state}) => ({member: placed.member.name, state}));
  const all = topology.components.flatMap(component => {
    const {agreement} = kindOf(component.kind);
    return agreement?.awaited ? agreement.alarms(component, states) : [];
  });
  return all.length > 0 ? all.join(" ") : undefined;
}

/** Asks members one after the other: a question costs 0.1 s of processor time, and all at once would stall the load
 *  that is being measured. */
export async function askAll(target: RunContext["target"], members: readonly Placed[]) {
  const answers: {placed: Placed; state: MemberState}[] = [];
  for (const placed of members) answers.push({placed, state: await askHealth(target, placed)});
  return answers;
}

/** `galera-0: joining; vip-1: down (exit code 137)`: those that are not healthy. */
export function describe(answers: Awaited<ReturnType<typeof askAll>>): string {
  return answers
    .filter(a => !a.state.healthy)
    .map(a => `${a.placed.member.name}: ${a.state.state}`)
    .join("; ");
}
