import type {Agreeing, Said} from "../../lib/kind.ts";

/** What members that are all healthy, each for itself, do not agree on, in a sentence; undefined when they do. Members
 *  of a cluster that is two are all Synced and Primary: each component counts fewer members than there are. */
export function disagreement({name, members}: Agreeing, states: readonly Said[]): string | undefined {
  const own = states.filter(({member}) => members.some(m => m.name === member));
  if (own.length < members.length || own.some(({state}) => !state.healthy)) return undefined;
  const sized = own.filter(({state}) => typeof state.detail.size === "number");
  if (sized.every(({state}) => state.detail.size === members.length)) return undefined;
  const sizes = sized.map(({member, state}) => `${member} sees ${state.detail.size}`).join(", ");
  return `${name}: its ${members.length} members are not one cluster: ${sizes}.`;
}
