import * as pulumi from "@pulumi/pulumi";
import {InputError, type Problem} from "../lib/problems.ts";
import type {Endpoint, TopologyComponent} from "../lib/topology.ts";
import type {Member, Platform} from "../platforms/platform.ts";

/** What every component takes. */
export interface ComponentArgs {
  platform: Platform;
}

/** An input was refused before anything was changed. */
export class ResourceError extends InputError {
  override name = "ResourceError";
}

/** One HA building block. A subclass checks, fills, creates and publishes, in its constructor and in this order. */
export abstract class Component extends pulumi.ComponentResource {
  /** Its part of the topology document. */
  abstract readonly topology: pulumi.Output<TopologyComponent>;
  /** Secrets that its endpoints name. Empty where there is none. */
  readonly secrets: Record<string, pulumi.Output<string>> = {};
}

/** Checks arguments and fills in defaults; every problem is reported at once. */
export function accept<A, F>(
  kind: string,
  name: string,
  args: A,
  check: (name: string, args: A) => Problem[],
  fill: (name: string, args: A) => F,
): F {
  const problems = check(name, args);
  if (problems.length > 0) throw new ResourceError(`${kind} "${name}"`, problems);
  return fill(name, args);
}

/** Makes members one after the other: each waits until the one before is healthy in its cluster. */
export function inTurn<T>(
  items: readonly T[],
  make: (item: T, after: pulumi.Resource[], index: number) => Member,
): Member[] {
  const members: Member[] = [];
  for (const [index, item] of items.entries()) members.push(make(item, members.at(-1)?.resources ?? [], index));
  return members;
}

/** Spreads members over zones, round robin: which zone member `index` is in. */
export function zoneOf(platform: Platform, index: number, firstZone = 0): string {
  return platform.zones[(index + firstZone) % platform.zones.length]!;
}

/** One server behind a front end of a VIP. */
export interface BackendServer {
  name: string;
  address: string;
  port: number;
  /** Who can say that this server is down before a check finds out: it is asked for the server's name in a line, and
   *  answers `up` or `down`. Not the server itself, which cannot speak once it is dead. One that does not answer
   *  changes nothing. */
  agent?: {address: string; port: number};
}

/** What a VIP offers to clients for a component. A component that can stand behind a VIP makes one. */
export interface FrontEnd {
  /** Name of the front end and of its endpoint: `sql`. */
  name: string;
  /** Port on the VIP. */
  port: number;
  /** `single-writer`: all sessions go to one server, sticky, no failback. `balanced`: spread over all. `http`: spread,
   *  layer 7. */
  mode: "single-writer" | "balanced" | "http";
  servers: BackendServer[];
  /** How a server is asked whether it may serve. */
  check:
    | {kind: "http"; port: number; path: string}
    /** Hex bytes: after connecting, `send` is sent, and an answer that begins with or holds `expect` is waited for.
     *  Without them a connection is enough, which the kernel of a paused server accepts for it. */
    | {kind: "tcp"; send?: string; expect?: string};
  /** Timings of the check in milliseconds and failures until down; filled from the VIP's defaults where absent. */
  timings?: {interval?: number; fall?: number; rise?: number};
  /** The endpoint as clients see it, without address and network. */
  endpoint: Omit<Endpoint, "name" | "address" | "port" | "network">;
}
