import type {TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {answerEveryMs, evictMs} from "./companions.ts";
import type {GaleraPlan} from "./plan.ts";

/** The cluster's part of the topology document. Clients reach it through front ends of a VIP, so it has no endpoint of
 *  its own. */
export function describe(plan: GaleraPlan, args: FilledGaleraArgs, members: Member[]): TopologyComponent {
  return {
    name: plan.cluster,
    kind: "galera",
    settings: {
      members: args.members,
      arbitrator: args.arbitrator,
      stateTransfer: args.stateTransfer,
      flushLogAtTrxCommit: args.flushLogAtTrxCommit,
      answerFreshMs: args.answerFreshMs,
      answerEveryMs,
      eviction: args.eviction,
      ...(args.eviction ? {evictMs} : {}),
      ...args.detection,
    },
    members: members.map(({name, zone, addresses, handle, health}) => ({name, zone, addresses, handle, health})),
    endpoints: [],
  };
}
