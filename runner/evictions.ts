import {findComponent, type Topology} from "../lib/topology.ts";
import {askState} from "./members.ts";
import type {Target} from "./targets/target.ts";

/** How many members each member's watcher has evicted so far, by component and member. */
export type Evictions = Record<string, Record<string, number | undefined>>;

/** Asks every member of these components. A watcher that does not answer has no figure. */
export async function askEvictions(
  target: Target,
  topology: Topology,
  components: readonly string[],
): Promise<Evictions> {
  const asked = components.map(async name => {
    const component = findComponent(topology, name)!;
    const answers = component.members.map(async member => {
      const {detail} = await askState(target, {component, member}, 5000);
      return [member.name, typeof detail.evictions === "number" ? detail.evictions : undefined] as const;
    });
    return [name, Object.fromEntries(await Promise.all(answers))] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** Evictions between two moments, by component: the most that any one watcher carried out, because every survivor
 *  evicts the same member. A watcher that started anew counts from 0 again. Undefined when one of them has no figure at
 *  either moment: it may be the one that evicted. */
export function evictionsBetween(before: Evictions, after: Evictions): Record<string, number | undefined> {
  return Object.fromEntries(
    Object.entries(after).map(([component, counts]) => {
      const done = Object.entries(counts).map(([member, now]) => {
        const was = before[component]?.[member];
        if (now === undefined || was === undefined) return undefined;
        return now >= was ? now - was : now;
      });
      const known = done.filter(count => count !== undefined);
      return [component, known.length > 0 && known.length === done.length ? Math.max(...known) : undefined];
    }),
  );
}
