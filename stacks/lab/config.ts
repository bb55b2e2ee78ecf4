import * as pulumi from "@pulumi/pulumi";
import type {GaleraClusterArgs} from "../../components/galera/args.ts";
import type {HttpServiceArgs} from "../../components/http/args.ts";
import type {MemcachedArgs} from "../../components/memcached/args.ts";
import type {RabbitMqArgs} from "../../components/rabbitmq/args.ts";
import type {VirtualIpArgs} from "../../components/virtualip/args.ts";
import {oneOf, type Problem, refuse, show, wholeNumber} from "../../lib/problems.ts";
import {settingTakes} from "../../lib/setting-type.ts";
import type {DiskKind} from "../../lib/topology.ts";

/** Settings of the lab, as `pulumi config` holds them. Pulumi.yaml documents each. */
export interface LabConfig {
  subnet: string;
  zones: string[];
  galeraMembers: number;
  galeraMode: "single-writer" | "balanced";
  rabbitmqMembers: number;
  rabbitmqReplication: "mirrored" | "quorum";
  memcachedMembers: number;
  webMembers: number;
  /** Further arguments of the components, as their pages document them. */
  galera: Further<GaleraClusterArgs>;
  rabbitmq: Further<RabbitMqArgs>;
  memcached: Further<MemcachedArgs>;
  web: Further<HttpServiceArgs>;
  vip: Further<VirtualIpArgs>;
  diskMb: number;
  disk: DiskKind;
  clock: "machine" | "settable";
  engineSocket: string;
}

type Further<A> = Omit<Partial<A>, "platform" | "image" | "command" | "frontEnds" | "databases" | "replication">;

const keys = [
  "subnet",
  "zones",
  "galeraMembers",
  "galeraMode",
  "rabbitmqMembers",
  "rabbitmqReplication",
  "memcachedMembers",
  "webMembers",
  "galera",
  "rabbitmq",
  "memcached",
  "web",
  "vip",
  "diskMb",
  "disk",
  "clock",
  "engineSocket",
] as const;

/** Arguments that the objects `galera`, `rabbitmq`, `memcached`, `web` and `vip` may hold. */
const furtherArgs = {
  galera: [
    "room",
    "arbitrator",
    "stateTransfer",
    "bufferPoolMb",
    "redoLogMb",
    "gcacheMb",
    "memory",
    "flushLogAtTrxCommit",
    "maxConnections",
    "applierThreads",
    "detection",
    "answerFreshMs",
    "eviction",
    "firstZone",
  ] satisfies (keyof LabConfig["galera"])[],
  rabbitmq: [
    "room",
    "version",
    "copies",
    "partitionHandling",
    "acceptLoss",
    "netTicktimeSeconds",
    "vhost",
    "users",
    "memory",
    "firstZone",
  ] satisfies (keyof LabConfig["rabbitmq"])[],
  memcached: ["memory", "maxConnections", "firstZone"] satisfies (keyof LabConfig["memcached"])[],
  web: ["room", "port", "drainSeconds", "env", "memory", "firstZone"] satisfies (keyof LabConfig["web"])[],
  vip: [
    "members",
    "room",
    "address",
    "advertIntervalMs",
    "watch",
    "serverCheck",
    "connectTimeoutMs",
    "idleTimeoutMs",
    "maxConnections",
    "memory",
    "statisticsPort",
    "checkPort",
    "peersPort",
    "firstZone",
  ] satisfies (keyof LabConfig["vip"])[],
};

/** Reads the settings; every problem is reported at once. What only a component can judge (an even quorum) is left to
 *  it. */
export function labConfig(): LabConfig {
  const config = new pulumi.Config("lab");
  const problems: Problem[] = unknownKeys();
  const number = (key: string, standard: number, low: number, high: number): number => {
    const text = config.get(key);
    const value = text === undefined ? standard : Number(text);
    const isNumber = text === undefined || settingTakes({type: "integer"}, text) === undefined;
    problems.push(...wholeNumber(key, isNumber ? value : text, low, high));
    return value;
  };
  const read: LabConfig = {
    subnet: config.get("subnet") ?? "198.18.64.0/22",
    zones: zones(config, problems),
    galeraMembers: number("galeraMembers", 3, 1, 9),
    galeraMode: (config.get("galeraMode") ?? "single-writer") as LabConfig["galeraMode"],
    rabbitmqMembers: number("rabbitmqMembers", 3, 1, 9),
    rabbitmqReplication: (config.get("rabbitmqReplication") ?? "mirrored") as LabConfig["rabbitmqReplication"],
    memcachedMembers: number("memcachedMembers", 3, 1, 15),
    webMembers: number("webMembers", 3, 1, 15),
    galera: further(config, "galera", problems),
    rabbitmq: further(config, "rabbitmq", problems),
    memcached: further(config, "memcached", problems),
    web: further(config, "web", problems),
    vip: further(config, "vip", problems),
    // A loop device has a size; the image takes room as it is written.
    diskMb: number("diskMb", 0, 0, 65_536) || (config.get("disk") === "loop" ? 1024 : 0),
    disk: (config.get("disk") ?? "memory") as LabConfig["disk"],
    clock: (config.get("clock") ?? "machine") as LabConfig["clock"],
    engineSocket: config.get("engineSocket") ?? "auto",
  };
  problems.push(...oneOf("galeraMode", read.galeraMode, ["single-writer", "balanced"]));
  problems.push(...oneOf("rabbitmqReplication", read.rabbitmqReplication, ["mirrored", "quorum"]));
  problems.push(...oneOf("disk", read.disk, ["memory", "loop"]));
  problems.push(...oneOf("clock", read.clock, ["machine", "settable"]));
  refuse(`stack ${pulumi.getProject()}/${pulumi.getStack()}, config lab`, problems);
  return read;
}

function zones(config: pulumi.Config, problems: Problem[]): string[] {
  const text = config.get("zones");
  if (text === undefined) return ["a", "b", "c"];
  const value = parsed(text);
  if (Array.isArray(value) && value.every(zone => typeof zone === "string")) return value;
  problems.push({
    path: "zones",
    message: `is ${show(text)}. It takes a list of names, such as \`pulumi config set --path 'lab:zones[0]' a\`.`,
  });
  return [];
}

/** Further arguments of a component. Their values are for the component to check. */
function further(config: pulumi.Config, key: keyof typeof furtherArgs, problems: Problem[]): object {
  const text = config.get(key);
  if (text === undefined) return {};
  const allowed = furtherArgs[key];
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const example = `pulumi config set --path 'lab:${key}.${allowed[0]}' VALUE`;
    problems.push({path: key, message: `is ${show(text)}. It takes an object of arguments, such as \`${example}\`.`});
    return {};
  }
  const unknown = Object.keys(value).filter(name => !(allowed as string[]).includes(name));
  problems.push(
    ...unknown.map(name => ({path: `${key}.${name}`, message: `is unknown. It takes ${allowed.join(", ")}.`})),
  );
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknownKeys(): Problem[] {
  return Object.keys(pulumi.runtime.allConfig())
    .filter(key => key.startsWith("lab:") && !keys.some(known => key === `lab:${known}`))
    .map(key => ({path: key.slice(4), message: `is not a setting of this stack. It takes ${keys.join(", ")}.`}));
}
