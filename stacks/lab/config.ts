import * as pulumi from "@pulumi/pulumi";
import {oneOf, type Problem, refuse, show, wholeNumber} from "../../lib/problems.ts";

/** Settings of the lab, as `pulumi config` holds them. Pulumi.yaml documents each. */
export interface LabConfig {
  subnet: string;
  zones: string[];
  galeraMembers: number;
  galeraMode: "single-writer" | "balanced";
  rabbitmqMembers: number;
  rabbitmqReplication: "mirrored" | "quorum";
  memcachedMembers: number;
  diskMb: number;
  clock: "machine" | "settable";
}

const keys = [
  "subnet",
  "zones",
  "galeraMembers",
  "galeraMode",
  "rabbitmqMembers",
  "rabbitmqReplication",
  "memcachedMembers",
  "diskMb",
  "clock",
] as const;

/** Reads the settings; every problem is reported at once. What only a component can judge (an even quorum) is left to it. */
export function labConfig(): LabConfig {
  const config = new pulumi.Config("lab");
  const problems: Problem[] = unknownKeys();
  const number = (key: string, standard: number, low: number, high: number): number => {
    const text = config.get(key);
    const value = text === undefined ? standard : Number(text);
    problems.push(...wholeNumber(key, Number.isNaN(value) ? text : value, low, high));
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
    diskMb: number("diskMb", 0, 0, 65_536),
    clock: (config.get("clock") ?? "machine") as LabConfig["clock"],
  };
  problems.push(...oneOf("galeraMode", read.galeraMode, ["single-writer", "balanced"]));
  problems.push(...oneOf("rabbitmqReplication", read.rabbitmqReplication, ["mirrored", "quorum"]));
  problems.push(...oneOf("clock", read.clock, ["machine", "settable"]));
  refuse(`stack ${pulumi.getProject()}/${pulumi.getStack()}, config lab:`, problems);
  return read;
}

function zones(config: pulumi.Config, problems: Problem[]): string[] {
  const text = config.get("zones");
  if (text === undefined) return ["a", "b", "c"];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every(zone => typeof zone === "string")) return value;
  } catch {
    // Falls through to the message below.
  }
  problems.push({
    path: "zones",
    message: `is ${show(text)}. It takes a list of names, such as \`pulumi config set --path 'lab:zones[0]' a\`.`,
  });
  return [];
}

function unknownKeys(): Problem[] {
  return Object.keys(pulumi.runtime.allConfig())
    .filter(key => key.startsWith("lab:") && !keys.some(known => key === `lab:${known}`))
    .map(key => ({path: key.slice(4), message: `is not a setting of this stack. It takes ${keys.join(", ")}.`}));
}
