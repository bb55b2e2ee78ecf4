import type * as pulumi from "@pulumi/pulumi";
import type {HealthSpec, MemberSpec, OnceSpec, ProcessSpec, Volume} from "../../platforms/platform.ts";
import {render} from "../render.ts";
import {accountsSql, type OwnPasswords} from "./accounts.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {answerer, type OwnSecrets, stayOutMs, watcher} from "./companions.ts";
import {doorOf, ports} from "./names.ts";
import {everybody, type GaleraPlan, others, seeds, seedsBut} from "./plan.ts";
import {groupOptions, memberOptions} from "./provider.ts";
import {healthCommand} from "./state.ts";

const dataPath = "/var/lib/mysql";
/** User number of MariaDB in its image. */
export const mysqlUid = 999;
/** Group communication must answer in time even where clients take all processors: a member that does not is
 *  evicted. */
const cpuShares = 4096;
const scratch: ProcessSpec["scratch"] = [
  {path: "/run/mysqld", megabytes: 1, uid: mysqlUid, mode: "0755"},
  {path: "/tmp", megabytes: 16, mode: "1777"},
];
/** Interval 2 s: a check costs about 30 ms of CPU. A first start with full state transfer is what `startLimit`
 *  bounds. */
const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 5000, retries: 3, startLimit: 120_000};

/** Settings that members share, as the templates name them. */
function shared(p: GaleraPlan, args: FilledGaleraArgs) {
  const {maxConnections, flushLogAtTrxCommit, bufferPoolMb, redoLogMb, applierThreads, stateTransfer} = args;
  return {
    cluster: p.cluster,
    members: seeds(p).map(m => m.address),
    maxConnections,
    flushLogAtTrxCommit,
    bufferPoolMb,
    redoLogMb,
    applierThreads,
    stateTransfer,
  };
}

/** Where the state of the member's watcher is asked for. */
const watcherEnv = (address: string): Record<string, string> => ({HOLDFAST_WATCHER: `${address}/${ports.agent}`});

/** A member that holds data, with its answerer and its watcher. */
export function dataMember(
  p: GaleraPlan,
  index: number,
  args: FilledGaleraArgs,
  volume: Volume,
  secrets: OwnSecrets,
): MemberSpec {
  const {name, zone, address} = p.members[index]!;
  const providerOptions = memberOptions(address, args.detection, args.gcacheMb);
  // The answerer, this member's watcher, and the sessions that the others' watchers hold.
  const own = {name, address, adminConnections: 4 + everybody(p).length};
  return {
    component: p.cluster,
    zone,
    addresses: {back: address},
    image: "galera",
    command: ["galera-member"],
    env: {
      HOLDFAST_PEERS: seedsBut(p, name)
        .map(m => m.address)
        .join(" "),
      HOLDFAST_SST: args.stateTransfer,
      HOLDFAST_ADDRESS: address,
      HOLDFAST_DOOR: `${doorOf(address).host}/${doorOf(address).port}`,
      ...watcherEnv(address),
      ...(args.eviction ? {HOLDFAST_STAY_OUT_S: `${stayOutMs / 1000}`} : {}),
    },
    user: "mysql",
    files: [
      {
        name: "galera.cnf",
        content: render("galera/galera.cnf.eta", {...shared(p, args), ...own, providerOptions}),
      },
    ],
    scratch,
    volumes: [{path: dataPath, volume}],
    memory: args.memory,
    cpuShares,
    clock: args.clock,
    stopGrace: 30,
    ulimits: [{name: "core", soft: 0, hard: 0}],
    health,
    companions: [answerer(address, args, volume, secrets), watcher(p, name, args, secrets)],
    peers: others(p, name).map(m => m.name),
  };
}

/** The arbitrator: a vote and nothing else. */
export function arbitratorMember(p: GaleraPlan, args: FilledGaleraArgs, secrets: OwnSecrets): MemberSpec {
  const {name, zone, address} = p.arbitrator!;
  return {
    component: p.cluster,
    zone,
    addresses: {back: address},
    image: "galera",
    command: ["galera-arbitrator"],
    env: watcherEnv(address),
    user: "mysql",
    files: [
      {
        name: "garbd.cnf",
        content: render("galera/garbd.cnf.eta", {
          cluster: p.cluster,
          name,
          members: seeds(p).map(m => `${m.address}:${ports.group}`),
          providerOptions: groupOptions(address, args.detection),
        }),
      },
    ],
    scratch: [{path: "/run/garbd", megabytes: 8, uid: mysqlUid, mode: "0755"}],
    memory: 128,
    cpuShares,
    health: {...health, startLimit: 60_000},
    companions: [watcher(p, name, args, secrets)],
    peers: others(p, name).map(m => m.name),
  };
}

/** The one-shot that makes the data of a new cluster, in member 0's volume. While another member has its data, a member
 *  0 that lost its own joins. */
export function bootstrapJob(
  p: GaleraPlan,
  args: FilledGaleraArgs,
  volumes: Volume[],
  accounts: pulumi.Output<{databases: {name: string; user: string; password: string}[]; own: OwnPasswords}>,
): OnceSpec {
  return {
    component: p.cluster,
    networks: ["back"],
    image: "galera",
    command: ["galera-bootstrap"],
    env: {
      HOLDFAST_PEERS: seedsBut(p, p.members[0]!.name)
        .map(m => m.address)
        .join(" "),
    },
    user: "mysql",
    files: [
      {name: "bootstrap.cnf", content: render("galera/bootstrap.cnf.eta", shared(p, args))},
      {name: "accounts.sql", content: accounts.apply(a => accountsSql(a.databases, a.own))},
    ],
    scratch,
    volumes: [{path: dataPath, volume: volumes[0]!}],
    lostWith: volumes,
    memory: args.memory,
    timeout: 120,
  };
}
