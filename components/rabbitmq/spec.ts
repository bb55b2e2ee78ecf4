import type * as pulumi from "@pulumi/pulumi";
import type {HealthSpec, MemberSpec, OnceSpec, ProcessSpec, Volume} from "../../platforms/platform.ts";
import {zoneOf} from "../component.ts";
import {render} from "../render.ts";
import type {FilledRabbitMq} from "./args.ts";
import {healthCommand, hostOf, nodeOf} from "./state.ts";

/** Port of AMQP. */
export const amqpPort = 5672;

/** User number of the broker in its image. */
export const uid = 810;
const dataDir = "/var/lib/rabbitmq/mnesia";

/** Members that a new or restarted one looks for its cluster at. The first three whatever the size, so that a change of
 *  size touches nobody. */
const seeds = 3;

/** A member before it is made. */
export interface Planned {
  name: string;
  zone: string;
  /** On the back network. */
  address: string;
}

/** Names, zones and addresses of every member: all configuration follows from them. */
export function plan(name: string, args: FilledRabbitMq, size = args.members): Planned[] {
  const back = args.platform.network("back");
  return Array.from({length: size}, (_, i) => ({
    name: `${name}-${i}`,
    zone: zoneOf(args.platform, i, args.firstZone),
    address: back.address(name, i),
  }));
}

/** Asked through the broker's own distribution port, which costs no Erlang start. A start on a loaded machine takes its
 *  time; a member that comes back after all were down waits up to 5 minutes for the one that stopped last. */
const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 5000, retries: 3, startLimit: 180_000};

/** Sizes for a small container: two schedulers that sleep rather than spin, and the distribution on the back network
 *  alone. */
function erlangArgs(address: string): string {
  const octets = address.replaceAll(".", ",");
  return `+S 2:2 +SDcpu 1:1 +SDio 2 +sbwt none +sbwtdcpu none +sbwtdio none +P 262144 +Q 16384 -pa /opt/holdfast -s holdfast_keeper -s holdfast_ticktime -kernel inet_dist_use_interface {${octets}}`;
}

function broker(self: Planned, members: Planned[], args: FilledRabbitMq, volume: Volume): ProcessSpec {
  return {
    image: "rabbitmq",
    command: ["/opt/holdfast/holdfast-start"],
    user: String(uid),
    env: {
      RABBITMQ_NODENAME: nodeOf(self.name),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArgs(self.address),
      ERL_EPMD_ADDRESS: self.address,
      HOLDFAST_ADDRESS: self.address,
      HOLDFAST_PEERS: members
        .slice(0, seeds)
        .filter(m => m !== self)
        .map(m => `${hostOf(m.name)}=${m.address}`)
        .join(" "),
    },
    scratch: [
      {path: "/run/rabbitmq", megabytes: 8, uid, gid: 0, mode: "0700"},
      {path: "/tmp", megabytes: 8, uid, gid: 0, mode: "0700"},
    ],
    volumes: [{path: dataDir, volume}],
    memory: args.memory,
    // Some 14 000 connections. The engine may have a million, and Erlang makes tables of that size; or 20 000, and it
    // refuses more.
    ulimits: [{name: "nofile", soft: 16_384, hard: 16_384}],
  };
}

/** The one-shot that writes the token of the first bootstrap into the volume of member 0. */
export function firstSpec(component: string, members: Planned[], args: FilledRabbitMq, volumes: Volume[]): OnceSpec {
  const {env, ...process} = broker(members[0]!, members, args, volumes[0]!);
  return {
    ...process,
    component,
    command: ["/opt/holdfast/holdfast-first"],
    env: {HOLDFAST_PEERS: env!.HOLDFAST_PEERS!},
    memory: 64,
    networks: ["back"],
    lostWith: volumes,
    timeout: 30,
  };
}

/** One broker. */
export function memberSpec(
  component: string,
  self: Planned,
  members: Planned[],
  room: Planned[],
  args: FilledRabbitMq,
  given: {volume: Volume; cookie: pulumi.Input<string>; definitions: pulumi.Input<string>},
): MemberSpec {
  const {partitionHandling, netTicktimeSeconds, memory} = args;
  return {
    ...broker(self, members, args, given.volume),
    component,
    zone: self.zone,
    addresses: {back: self.address},
    hostname: hostOf(self.name),
    hosts: Object.fromEntries(room.map(m => [hostOf(m.name), m.address])),
    files: [
      {
        name: "rabbitmq.conf",
        content: render("rabbitmq/rabbitmq.conf", {
          address: self.address,
          partitionHandling,
          netTicktimeSeconds,
          memory,
        }),
      },
      {name: "definitions.json", content: given.definitions},
      {name: "cookie", content: given.cookie},
    ],
    clock: args.clock,
    stopGrace: 30,
    health,
    peers: members.filter(m => m !== self).map(m => m.name),
  };
}
