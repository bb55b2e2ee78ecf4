import {roomFor} from "../room.ts";
import type {FilledVirtualIp, VirtualIpArgs} from "./args.ts";

export const sizes = {least: 2, most: 8};

/** Number of the virtual address in the component's block of addresses: the last one, so that members have all
 *  others. */
const addressNumber = 15;

/** Puts the defaults in. */
export function fillVirtualIp(name: string, args: VirtualIpArgs): FilledVirtualIp {
  return {
    platform: args.platform,
    frontEnds: args.frontEnds,
    members: args.members ?? 2,
    room: args.room ?? roomFor(args.members ?? 2, 4, sizes),
    address: args.address ?? args.platform.network("front").address(name, addressNumber),
    advertIntervalMs: args.advertIntervalMs ?? 80,
    watch: {intervalMs: 100, timeoutMs: 250, fall: 2, settleMs: 1000, ...args.watch},
    serverCheck: {
      intervalMs: 200,
      fastIntervalMs: 50,
      timeoutMs: 500,
      agentIntervalMs: 100,
      fall: 2,
      rise: 2,
      watchSessions: true,
      shutSessions: true,
      ...args.serverCheck,
    },
    connectTimeoutMs: args.connectTimeoutMs ?? 1000,
    idleTimeoutMs: args.idleTimeoutMs ?? 3_600_000,
    maxConnections: args.maxConnections ?? 2000,
    memory: args.memory ?? 128,
    statisticsPort: args.statisticsPort ?? 8404,
    checkPort: args.checkPort ?? 8405,
    peersPort: args.peersPort ?? 10_024,
    firstZone: args.firstZone ?? 0,
  };
}
