import {zoneOf} from "../component.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {arbitratorIndex} from "./names.ts";

/** Who is in the cluster and where: what every member's settings are made from. */
export interface GaleraPlan {
  cluster: string;
  /** Members that hold data. */
  members: {name: string; zone: string; address: string}[];
  arbitrator?: {name: string; zone: string; address: string};
}

/** Names, zones and addresses of a cluster. */
export function plan(cluster: string, args: FilledGaleraArgs): GaleraPlan {
  const at = (suffix: string, index: number, addressIndex: number) => ({
    name: `${cluster}-${suffix}`,
    zone: zoneOf(args.platform, index, args.firstZone),
    address: args.platform.network("back").address(cluster, addressIndex),
  });
  return {
    cluster,
    members: Array.from({length: args.members}, (_, i) => at(String(i), i, i)),
    ...(args.arbitrator ? {arbitrator: at("arbitrator", args.members, arbitratorIndex)} : {}),
  };
}

/** Everybody with a vote: members and arbitrator. */
export const votes = (p: GaleraPlan) => [...p.members, ...(p.arbitrator ? [p.arbitrator] : [])];
/** Everybody with a vote but the named one. */
export const others = (p: GaleraPlan, name: string) => votes(p).filter(m => m.name !== name);
