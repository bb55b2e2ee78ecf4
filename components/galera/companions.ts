import type * as pulumi from "@pulumi/pulumi";
import type {ProcessSpec, Volume} from "../../platforms/platform.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {answererUser, doorOf, ports, watcherUser} from "./names.ts";
import {everybody, type GaleraPlan, votes} from "./plan.ts";
import {fullBelowKib} from "./state.ts";

/** What the cluster's own programs log in and know each other with. */
export interface OwnSecrets {
  answerer: pulumi.Output<string>;
  watcher: {password: pulumi.Output<string>; key: pulumi.Output<string>};
}

/** Pause between two questions of the answerer to its member, in milliseconds. */
export const answerEveryMs = 100;

/** Timings of the watchers, in milliseconds. */
const watching = {everyMs: 100, unansweredMs: 100, clearAfterMs: 1000};

/** Longest time until the watchers have evicted who is dead for sure, in milliseconds: one meets nobody, tells the
 *  others, and they act. */
export const evictMs = watching.unansweredMs + 2 * watching.everyMs;

/** How long a member that crashed stays out, in milliseconds: until the others have evicted it and emptied their lists,
 *  with two turns to spare. While one comes back whose old id is still listed, nobody writes until that id is suspected
 *  (1.3 s and more; without, 0.25 to 0.5 s). */
export const stayOutMs = evictMs + watching.clearAfterMs + 2 * watching.everyMs;

/** Where the answerer has the member's volume. */
const disk = "/disk";

type Companion = ProcessSpec & {name: string};

/** Says over HTTP whether its member takes writes. */
export function answerer(address: string, args: FilledGaleraArgs, volume: Volume, secrets: OwnSecrets): Companion {
  const settings = {
    address,
    port: ports.answer,
    database: {host: address, port: ports.admin, user: answererUser},
    everyMs: answerEveryMs,
    disk,
    lowDiskBytes: fullBelowKib * 1024,
    freshMs: args.answerFreshMs,
    // mariadb-backup lets the donor serve; rsync holds its writes until the transfer has ended.
    donorServes: args.stateTransfer === "mariabackup",
  };
  return {
    name: "answerer",
    image: "galera-answerer",
    command: ["node", "--max-old-space-size=32", "/usr/local/lib/holdfast/answerer.mjs"],
    ...small,
    files: [
      {name: "answerer.json", content: `${JSON.stringify(settings, null, 2)}\n`},
      {name: "password", content: secrets.answerer},
    ],
    // To see how much is free; what is in it is the database's alone (0700).
    volumes: [{path: disk, volume, readOnly: true}],
  };
}

/** Says how its member starts, and evicts other members that are dead for sure, where `eviction` is on. */
export function watcher(p: GaleraPlan, name: string, args: FilledGaleraArgs, secrets: OwnSecrets): Companion {
  const self = votes(p).find(m => m.name === name)!;
  const holdsData = (other: string) => other !== p.arbitrator?.name;
  const settings = {
    name,
    address: self.address,
    holdsData: holdsData(name),
    // Who is not there is in no view, and counts for nothing.
    peers: everybody(p)
      .filter(m => m.name !== name)
      .map(m => ({name: m.name, address: m.address, holdsData: holdsData(m.name)})),
    evicts: args.eviction,
    door: doorOf(self.address),
    ports: {watcher: ports.watcher, agent: ports.agent, admin: ports.admin, group: ports.group},
    user: watcherUser,
    everyMs: watching.everyMs,
    freshMs: 500,
    restMs: 3000,
    clearAfterMs: watching.clearAfterMs,
    // A kernel answers within a millisecond, whatever its processes do.
    unansweredMs: watching.unansweredMs,
    // Until then the load balancer's own checks have found out.
    tellMs: 2000,
  };
  return {
    name: "watcher",
    image: "galera-watcher",
    command: ["node", "--max-old-space-size=32", "/usr/local/lib/holdfast/watcher.mjs"],
    ...small,
    files: [
      {name: "watcher.json", content: `${JSON.stringify(settings, null, 2)}\n`},
      {name: "password", content: secrets.watcher.password},
      {name: "key", content: secrets.watcher.key},
    ],
  };
}

const small = {user: "65534", memory: 96, cpuShares: 8192, stopGrace: 2};
