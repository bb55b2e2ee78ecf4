import type {ComponentKind, TopologyComponent} from "../../lib/topology.ts";

/** Less than half: what is left has a majority of the votes. An arbitrator is a member here, and votes like one. */
const minority = (members: number) => Math.floor((members - 1) / 2);
const allButOne = (members: number) => members - 1;

const rules: Record<ComponentKind, (members: number) => number> = {
  galera: minority,
  rabbitmq: minority,
  virtualip: allButOne,
  memcached: allButOne,
  http: allButOne,
};

/** How many members of the component may be down at the same time while it still serves. */
export function mayBeDown({kind, members}: Pick<TopologyComponent, "kind" | "members">): number {
  return Math.max(0, rules[kind](members.length));
}
