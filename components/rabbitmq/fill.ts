import {roomFor} from "../room.ts";
import type {FilledRabbitMq, RabbitMqArgs} from "./args.ts";

export const sizes = {least: 1, most: 9};

/** Puts the defaults in. */
export function fillRabbitMq(_name: string, args: RabbitMqArgs): FilledRabbitMq {
  const members = args.members ?? 3;
  return {
    platform: args.platform,
    members,
    room: args.room ?? roomFor(members, 5, sizes),
    version: args.version ?? "3.10",
    replication: args.replication ?? "quorum",
    copies: args.copies ?? "all",
    partitionHandling: args.partitionHandling ?? "pause_minority",
    acceptLoss: args.acceptLoss ?? false,
    netTicktimeSeconds: args.netTicktimeSeconds ?? 5,
    vhost: args.vhost ?? "/",
    users: (args.users ?? [{name: "app"}]).map(user => ({configure: ".*", write: ".*", read: ".*", ...user})),
    diskMb: args.diskMb ?? 0,
    disk: args.disk ?? "memory",
    clock: args.clock ?? "machine",
    memory: args.memory ?? 512,
    firstZone: args.firstZone ?? 0,
  };
}
