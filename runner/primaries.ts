import {type GroupView, viewsOf} from "../lib/state/galera-views.ts";
import type {TopologyComponent, TopologyMember} from "../lib/topology.ts";
import type {Target} from "./targets/target.ts";

/** Lines of one member's log that are read, of its whole life: who was in which view before the run is needed too. */
const lines = 200_000;

/** How many primary components at most a Galera cluster had at the same time since `since`, Unix milliseconds. It goes by the views that its
 *  members logged: one primary component may follow another, never two. Rejects when a log cannot be had. */
export async function primaries(
  target: Pick<Target, "logs">,
  component: TopologyComponent,
  since: number,
): Promise<number> {
  const read = async (member: TopologyMember) => {
    const logs = await target.logs(member, {since: 0, until: Date.now(), lines});
    return viewsOf(logs.find(log => log.process === "main")?.lines ?? []);
  };
  return mostAtOnce(await Promise.all(component.members.map(read)), since);
}

/** The most views that followed the same primary one, at members that went from the one to the other: a member that was outside meanwhile
 *  comes back to whatever there is by then. */
export function mostAtOnce(members: readonly (readonly GroupView[])[], since: number): number {
  const followers = new Map<string, Set<string>>();
  for (const views of members) {
    for (const [i, view] of views.entries()) {
      const before = views[i - 1];
      if (!before?.primary || !view.primary || view.at < since) continue;
      followers.set(before.id, (followers.get(before.id) ?? new Set()).add(view.id));
    }
  }
  return Math.max(1, ...[...followers.values()].map(set => set.size));
}
