import {type Look, until} from "../../lib/limit.ts";
import {findMember} from "../../lib/topology.ts";
import {askHealth} from "../members.ts";
import type {RunContext} from "./context.ts";
import type {RunningFault} from "./faults.ts";

/** How much longer than its bound a recovery is waited for, as at the end of a run. */
const graceMs = 30_000;

/** Waits, where the plan has a limit of members that may be down, until the component has recovered so far that its
 *  next victims fit in, and they themselves are free of other faults: two on one member could not be told apart, nor
 *  healed one by one. */
export async function holdBack(
  {target, topology, scenario}: RunContext,
  fault: Pick<RunningFault, "plan" | "claimed">,
  victims: readonly string[],
  hit: () => ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const {atMost} = fault.plan;
  if (atMost === undefined) return;
  const component = findMember(topology, victims[0]!)!.component;
  const limits = {limitMs: scenario.bounds.recovered + graceMs, everyMs: 500, signal};
  await until(`At most ${atMost} members of ${component.name} down`, limits, async (): Promise<Look<true>> => {
    const sick: string[] = [];
    for (const member of component.members)
      if (!(await askHealth(target, {component, member})).healthy) sick.push(member.name);
    // From here on nothing is waited for, so that two who wait for the same do not both get it.
    const busy = hit();
    const still = victims.find(name => busy.has(name));
    if (still) return {seen: `${still} is hit by an earlier fault`};
    const own = component.members.map(m => m.name).filter(name => busy.has(name));
    const down = new Set([...victims, ...sick, ...own]);
    if (down.size > atMost) return {seen: `${[...down].join(", ")} would be`};
    fault.claimed = victims;
    return {done: true};
  });
}
