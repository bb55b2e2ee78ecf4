import {findMember} from "../../lib/topology.ts";
import {type Look, until} from "../limit.ts";
import {askHealth} from "../members.ts";
import type {FaultPlan} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";

/** How much longer than its bound a recovery is waited for, as at the end of a run. */
const graceMs = 30_000;

/** Waits, where the plan has a limit of members that may be down, until the component has recovered so far that its next victims fit in, and
 *  they themselves are free of other faults: two on one member could not be told apart, nor healed one by one. */
export async function holdBack(
  {target, topology, scenario}: RunContext,
  {atMost}: FaultPlan,
  victims: readonly string[],
  hit: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  if (atMost === undefined) return;
  const components = new Set(victims.map(name => findMember(topology, name)!.component));
  for (const component of components) {
    const limits = {limitMs: scenario.bounds.recovered + graceMs, everyMs: 500, signal};
    await until(`At most ${atMost} members of ${component.name} down`, limits, async (): Promise<Look<true>> => {
      const still = victims.find(name => hit.has(name));
      if (still) return {seen: `${still} is hit by an earlier fault`};
      const down = new Set(victims.filter(name => component.members.some(m => m.name === name)));
      for (const member of component.members)
        if (hit.has(member.name) || !(await askHealth(target, {component, member})).healthy) down.add(member.name);
      return down.size <= atMost ? {done: true} : {seen: `${[...down].join(", ")} would be`};
    });
  }
}
