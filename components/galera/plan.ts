import {zoneOf} from "../component.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {arbitratorIndex} from "./names.ts";

/** Who is in the cluster and where: what every member's settings are made from. */
export interface GaleraPlan {
  cluster: string;
  /** Members that hold data. */
  members: Place[];
  /** Every member that there may be, those that are there first. */
  room: Place[];
  arbitrator?: Place;
}

interface Place {
  name: string;
  zone: string;
  address: string;
}

/** Members that a new or restarted one looks for its cluster at. The first three whatever the size, so that a change of
 *  size touches nobody. */
export const seeds = (p: GaleraPlan): Place[] => p.members.slice(0, 3);

/** Names, zones and addresses of a cluster. */
export function plan(cluster: string, args: FilledGaleraArgs): GaleraPlan {
  const at = (suffix: string, index: number, addressIndex: number) => ({
    name: `${cluster}-${suffix}`,
    zone: zoneOf(args.platform, index, args.firstZone),
    address: args.platform.network("back").address(cluster, addressIndex),
  });
  const room = Array.from({length: args.room}, (_, i) => at(String(i), i, i));
  return {
    cluster,
    members: room.slice(0, args.members),
    room,
    ...(args.arbitrator ? {arbitrator: at("arbitrator", args.members, arbitratorIndex)} : {}),
  };
}

const withArbitrator = (places: Place[], {arbitrator}: GaleraPlan): Place[] =>
  arbitrator ? [...places, arbitrator] : places;

/** Where the named one looks for its cluster: the seeds but itself, and the arbitrator. */
export const seedsBut = (p: GaleraPlan, name: string): Place[] =>
  withArbitrator(seeds(p), p).filter(m => m.name !== name);

/** Everybody with a vote: members and arbitrator. */
export const votes = (p: GaleraPlan): Place[] => withArbitrator(p.members, p);

/** Everybody who may ever have one. */
export const everybody = (p: GaleraPlan): Place[] => withArbitrator(p.room, p);

/** Everybody with a vote but the named one. */
export const others = (p: GaleraPlan, name: string) => votes(p).filter(m => m.name !== name);
