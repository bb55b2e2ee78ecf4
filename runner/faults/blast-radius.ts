import {kindOf} from "../../components/kinds.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** How many members of the component may be down at the same time while it still serves. With a majority that is less
 *  than half: an arbitrator is a member here, and votes like one. */
export function mayBeDown({kind, members}: Pick<TopologyComponent, "kind" | "members">): number {
  const most = kindOf(kind).quorum === "majority" ? Math.floor((members.length - 1) / 2) : members.length - 1;
  return Math.max(0, most);
}
