import type {TopologyComponent} from "../../lib/topology.ts";
import type {MemberState} from "../../lib/state/state.ts";

/** What members that are all healthy, each for itself, do not agree on, in a sentence; undefined when they do. Galera's members of a cluster that
 *  is two are all Synced and Primary: each component counts fewer members than there are. */
export function disagreement(
  {name, kind, members}: Pick<TopologyComponent, "name" | "kind"> & {members: readonly {name: string}[]},
  states: readonly {member: string; state: Pick<MemberState, "healthy" | "detail">}[],
): string | undefined {
  if (kind !== "galera") return undefined;
  const own = states.filter(({member}) => members.some(m => m.name === member));
  if (own.length < members.length || own.some(({state}) => !state.healthy)) return undefined;
  const sized = own.filter(({state}) => typeof state.detail.size === "number");
  if (sized.every(({state}) => state.detail.size === members.length)) return undefined;
  const sizes = sized.map(({member, state}) => `${member} sees ${state.detail.size}`).join(", ");
  return `${name}: its ${members.length} members are not one cluster: ${sizes}.`;
}
