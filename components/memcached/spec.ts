import type {HealthSpec, MemberSpec} from "../../platforms/platform.ts";
import {zoneOf} from "../component.ts";
import type {FilledMemcached} from "./args.ts";
import {healthCommand} from "./state.ts";

/** Port of memcached. */
export const memcachedPort = 11211;

const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 2000, retries: 2, startLimit: 30_000};

/** What a member takes beside its items, in MiB: the daemon with its hash table, and 5 KiB a connection at most. */
const overhead = (connections: number): number => 48 + Math.ceil((connections * 5) / 1024);

/** One memcached, on the address of the front network alone, without UDP, which amplifies and is not used. */
export function memberSpec(component: string, index: number, args: FilledMemcached): MemberSpec {
  const {platform, memory, maxConnections, firstZone, members} = args;
  const name = `${component}-${index}`;
  const address = platform.network("front").address(component, index);
  const flags = {
    listen: address,
    port: memcachedPort,
    "udp-port": 0,
    "memory-limit": memory,
    "conn-limit": maxConnections,
    threads: 2,
  };
  return {
    component,
    image: "memcached",
    command: ["memcached", ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    env: {HOLDFAST_ADDRESS: address},
    user: "811",
    zone: zoneOf(platform, index, firstZone),
    addresses: {front: address},
    memory: memory + overhead(maxConnections),
    ulimits: [{name: "nofile", soft: maxConnections + 64, hard: maxConnections + 64}],
    stopGrace: 5,
    health,
    peers: Array.from({length: members}, (_, i) => `${component}-${i}`).filter(peer => peer !== name),
  };
}
