import {type Problem, resourceName, wholeNumber} from "../../lib/problems.ts";
import type {FilledMemcached, MemcachedArgs} from "./args.ts";

/** Puts the defaults in. */
export function fillMemcached(_name: string, args: MemcachedArgs): FilledMemcached {
  return {
    platform: args.platform,
    members: args.members ?? 3,
    memory: args.memory ?? 64,
    maxConnections: args.maxConnections ?? 1024,
    firstZone: args.firstZone ?? 0,
  };
}

/** Everything that is wrong with the arguments; empty when nothing is. */
export function checkMemcached(name: string, args: MemcachedArgs): Problem[] {
  const a = fillMemcached(name, args);
  const zones = a.platform.zones.length;
  return [
    ...resourceName("name", name),
    ...wholeNumber("members", a.members, 1, 15, "Write 3."),
    ...checkZones(a.members, zones),
    ...wholeNumber("memory", a.memory, 8, 1_048_576, "It is in MiB."),
    ...wholeNumber("maxConnections", a.maxConnections, 16, 65_536),
    ...wholeNumber("firstZone", a.firstZone, 0, Math.max(zones - 1, 0)),
  ];
}

/** All members in one zone would all be lost with it. */
function checkZones(members: number, zones: number): Problem[] {
  if (zones >= 2 || members === 1) return [];
  return [
    {
      path: "platform.zones",
      message: `are ${zones}. With all members in one zone, losing it takes the whole cache. Give the platform 2 zones or more, or write \`members\` 1.`,
    },
  ];
}
