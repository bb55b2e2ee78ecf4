import type * as pulumi from "@pulumi/pulumi";
import {fullBelowKib, healthCommand} from "../../lib/state/galera.ts";
import type {HealthSpec, MemberSpec, OnceSpec, ProcessSpec, Volume} from "../../platforms/platform.ts";
import {zoneOf} from "../component.ts";
import {render} from "../render.ts";
import {accountsSql} from "./accounts.ts";
import type {FilledGaleraArgs} from "./args.ts";
import {answererUser, arbitratorIndex, ports} from "./names.ts";
import {groupOptions, memberOptions} from "./provider.ts";

/** Who is in the cluster and where: what every member's settings are made from. */
export interface GaleraPlan {
  cluster: string;
  /** Members that hold data. */
  members: {name: string; zone: string; address: string}[];
  arbitrator?: {name: string; zone: string; address: string};
}

/** Names, zones and addresses of a cluster. */
export function plan(cluster: string, args: FilledGaleraArgs): GaleraPlan {
  const at = (suffix: string, index: number, addressIndex: number) => ({
    name: `${cluster}-${suffix}`,
    zone: zoneOf(args.platform, index, args.firstZone),
    address: args.platform.network("back").address(cluster, addressIndex),
  });
  return {
    cluster,
    members: Array.from({length: args.members}, (_, i) => at(String(i), i, i)),
    ...(args.arbitrator ? {arbitrator: at("arbitrator", args.members, arbitratorIndex)} : {}),
  };
}

/** The disk that each member has for itself; undefined where it has none. */
export const diskOf = (diskMb: number) => (diskMb > 0 ? {megabytes: diskMb, uid: mysqlUid} : undefined);

/** Pause between two questions of the answerer to its member, in milliseconds. */
export const answerEveryMs = 100;

const dataPath = "/var/lib/mysql";
/** Where the answerer has the member's volume. */
const answererDisk = "/disk";
const mysqlUid = 999;
/** Group communication must answer in time even where clients take all processors: a member that does not is evicted. */
const cpuShares = 4096;
const scratch: ProcessSpec["scratch"] = [
  {path: "/run/mysqld", megabytes: 1, uid: mysqlUid, mode: "0755"},
  {path: "/tmp", megabytes: 16, mode: "1777"},
];
/** Interval 2 s: a check costs about 30 ms of CPU. A first start with full state transfer is what `startLimit` bounds. */
const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 5000, retries: 3, startLimit: 120_000};

const votes = (p: GaleraPlan) => [...p.members, ...(p.arbitrator ? [p.arbitrator] : [])];
const others = (p: GaleraPlan, name: string) => votes(p).filter(m => m.name !== name);

/** Settings that members share, as the templates name them. */
function shared(p: GaleraPlan, args: FilledGaleraArgs) {
  const {maxConnections, flushLogAtTrxCommit, bufferPoolMb, redoLogMb, applierThreads, stateTransfer} = args;
  return {
    cluster: p.cluster,
    members: p.members.map(m => m.address),
    maxConnections,
    flushLogAtTrxCommit,
    bufferPoolMb,
    redoLogMb,
    applierThreads,
    stateTransfer,
  };
}

/** A member that holds data, with its answerer. */
export function dataMember(
  p: GaleraPlan,
  index: number,
  args: FilledGaleraArgs,
  volume: Volume,
  answererPassword: pulumi.Input<string>,
): MemberSpec {
  const {name, zone, address} = p.members[index]!;
  const providerOptions = memberOptions(address, args.detection, args.gcacheMb);
  return {
    component: p.cluster,
    zone,
    addresses: {back: address},
    image: "galera",
    command: ["galera-member"],
    env: {
      HOLDFAST_PEERS: others(p, name)
        .map(m => m.address)
        .join(" "),
      HOLDFAST_SST: args.stateTransfer,
      HOLDFAST_ADDRESS: address,
    },
    user: "mysql",
    files: [
      {
        name: "galera.cnf",
        content: render("galera/galera.cnf.eta", {...shared(p, args), name, address, providerOptions}),
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
    companions: [answerer(address, args, volume, answererPassword)],
    peers: others(p, name).map(m => m.name),
  };
}

/** The arbitrator: a vote and nothing else. */
export function arbitratorMember(p: GaleraPlan, args: FilledGaleraArgs): MemberSpec {
  const {name, zone, address} = p.arbitrator!;
  return {
    component: p.cluster,
    zone,
    addresses: {back: address},
    image: "galera",
    command: ["galera-arbitrator"],
    user: "mysql",
    files: [
      {
        name: "garbd.cnf",
        content: render("galera/garbd.cnf.eta", {
          cluster: p.cluster,
          name,
          members: p.members.map(m => `${m.address}:${ports.group}`),
          providerOptions: groupOptions(address, args.detection),
        }),
      },
    ],
    scratch: [{path: "/run/garbd", megabytes: 8, uid: mysqlUid, mode: "0755"}],
    memory: 128,
    cpuShares,
    health: {...health, startLimit: 60_000},
    peers: others(p, name).map(m => m.name),
  };
}

/** The one-shot that makes the data of a new cluster, in member 0's volume. */
export function bootstrapJob(
  p: GaleraPlan,
  args: FilledGaleraArgs,
  volume: Volume,
  accounts: pulumi.Output<{databases: {name: string; user: string; password: string}[]; answerer: string}>,
): OnceSpec {
  return {
    component: p.cluster,
    networks: ["back"],
    image: "galera",
    command: ["galera-bootstrap"],
    env: {
      HOLDFAST_PEERS: others(p, p.members[0]!.name)
        .map(m => m.address)
        .join(" "),
    },
    user: "mysql",
    files: [
      {name: "bootstrap.cnf", content: render("galera/bootstrap.cnf.eta", shared(p, args))},
      {name: "accounts.sql", content: accounts.apply(a => accountsSql(a.databases, a.answerer))},
    ],
    scratch,
    volumes: [{path: dataPath, volume}],
    memory: args.memory,
    timeout: 120,
  };
}

/** Says over HTTP whether its member takes writes. */
function answerer(
  address: string,
  args: FilledGaleraArgs,
  volume: Volume,
  password: pulumi.Input<string>,
): ProcessSpec & {name: string} {
  const settings = {
    address,
    port: ports.answer,
    database: {host: address, port: ports.admin, user: answererUser},
    everyMs: answerEveryMs,
    disk: answererDisk,
    lowDiskBytes: fullBelowKib * 1024,
    freshMs: args.answerFreshMs,
    // mariadb-backup lets the donor serve; rsync holds its writes until the transfer has ended.
    donorServes: args.stateTransfer === "mariabackup",
  };
  return {
    name: "answerer",
    image: "galera-answerer",
    command: ["node", "--max-old-space-size=32", "/usr/local/lib/holdfast/answerer.mjs"],
    user: "65534",
    files: [
      {name: "answerer.json", content: `${JSON.stringify(settings, null, 2)}\n`},
      {name: "password", content: password},
    ],
    // To see how much is free; what is in it is the database's alone (0700).
    volumes: [{path: answererDisk, volume, readOnly: true}],
    memory: 96,
    cpuShares: 8192,
    stopGrace: 2,
  };
}
