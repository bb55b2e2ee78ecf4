import type {GaleraDetection} from "./args.ts";
import {ports} from "./names.ts";

/** Galera writes durations as ISO periods. */
const period = (ms: number): string => `PT${ms / 1000}S`;

/** The group communication's part of the provider options, for members and arbitrator alike. `evs.version=1` lets
 *  members that are known to be dead be evicted at once; all members must agree on it, so it is there from the
 *  start. */
export function groupOptions(address: string, detection: GaleraDetection): string {
  return [
    `base_host=${address}`,
    `gmcast.listen_addr=tcp://${address}:${ports.group}`,
    "evs.version=1",
    `evs.keepalive_period=${period(detection.keepaliveMs)}`,
    `evs.inactive_check_period=${period(detection.inactiveCheckMs)}`,
    `evs.suspect_timeout=${period(detection.suspectMs)}`,
    `evs.inactive_timeout=${period(detection.inactiveMs)}`,
    `evs.install_timeout=${period(detection.installMs)}`,
    `evs.join_retrans_period=${period(detection.joinRetransMs)}`,
  ].join(";");
}

/** All provider options of a member that holds data. */
export function memberOptions(address: string, detection: GaleraDetection, gcacheMb: number): string {
  return [
    groupOptions(address, detection),
    `ist.recv_addr=${address}:${ports.incremental}`,
    `gcache.size=${gcacheMb}M`,
  ].join(";");
}
