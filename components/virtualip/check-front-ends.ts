import {oneOf, type Problem, resourceName, show, unique, wholeNumber} from "../../lib/problems.ts";
import {parseSubnet} from "../../lib/subnets.ts";
import type {BackendServer, FrontEnd} from "../component.ts";
import type {FilledVirtualIp} from "./args.ts";

/** Names that the configuration of HAProxy uses itself. */
const reserved = ["alive", "statistics", "members"];

/** Everything that is wrong with the front ends. */
export function checkFrontEnds(a: FilledVirtualIp): Problem[] {
  if (a.frontEnds.length === 0) {
    return [{path: "frontEnds", message: "is empty: the address would lead nowhere. Give one front end or more."}];
  }
  return [
    ...a.frontEnds.flatMap((end, i) => checkFrontEnd(`frontEnds[${i}]`, end, a)),
    ...unique(
      "frontEnds",
      a.frontEnds.map(end => end.name),
      "name",
    ),
    ...unique(
      "frontEnds",
      a.frontEnds.map(end => end.port),
      "port",
    ),
  ];
}

function checkFrontEnd(path: string, end: FrontEnd, a: FilledVirtualIp): Problem[] {
  return [
    ...resourceName(`${path}.name`, end.name),
    ...(reserved.includes(end.name)
      ? [{path: `${path}.name`, message: `is ${show(end.name)}, which the component uses itself. Take another.`}]
      : []),
    ...wholeNumber(`${path}.port`, end.port, 1, 65_535),
    ...portTaken(`${path}.port`, end.port, a),
    ...oneOf(`${path}.mode`, end.mode, ["single-writer", "balanced", "http"]),
    ...checkQuestion(path, end),
    ...checkServers(path, end),
    ...checkTimings(path, end, a),
  ];
}

function portTaken(path: string, port: number, a: FilledVirtualIp): Problem[] {
  const own = {statisticsPort: a.statisticsPort, checkPort: a.checkPort, peersPort: a.peersPort};
  return Object.entries(own)
    .filter(([, taken]) => taken === port)
    .map(([name]) => ({path, message: `is ${port}, which is in use by \`${name}\`. Change one of the two.`}));
}

function checkQuestion(path: string, {check}: FrontEnd): Problem[] {
  if (check.kind === "tcp") {
    return (["send", "expect"] as const)
      .filter(key => check[key] !== undefined && !/^([0-9a-f]{2})+$/i.test(check[key]))
      .map(key => ({
        path: `${path}.check.${key}`,
        message: `is ${show(check[key])}. It takes bytes in hexadecimal, such as "414d5150".`,
      }));
  }
  if (check.kind !== "http") return oneOf(`${path}.check.kind`, (check as {kind: unknown}).kind, ["http", "tcp"]);
  return [
    ...wholeNumber(`${path}.check.port`, check.port, 1, 65_535),
    ...(/^\/[\x21-\x7e]*$/.test(check.path)
      ? []
      : [
          {path: `${path}.check.path`, message: `is ${show(check.path)}. It takes a path such as "/", without spaces.`},
        ]),
  ];
}

function checkServers(path: string, {servers}: FrontEnd): Problem[] {
  if (servers.length === 0) {
    return [{path: `${path}.servers`, message: "is empty: there is nobody to serve. Give one server or more."}];
  }
  return [
    ...servers.flatMap((server, i) => [
      ...resourceName(`${path}.servers[${i}].name`, server.name),
      ...wholeNumber(`${path}.servers[${i}].port`, server.port, 1, 65_535),
      ...checkAgent(`${path}.servers[${i}].agent`, server.agent),
      ...(parseSubnet(`${server.address}/32`)
        ? []
        : [
            {
              path: `${path}.servers[${i}].address`,
              message: `is ${show(server.address)}. It takes an IPv4 address: names are not resolved.`,
            },
          ]),
    ]),
    ...unique(
      `${path}.servers`,
      servers.map(s => s.name),
      "name",
    ),
    ...unique(
      `${path}.servers`,
      servers.map(s => `${s.address}:${s.port}`),
      "address",
    ),
  ];
}

function checkAgent(path: string, agent: BackendServer["agent"]): Problem[] {
  if (!agent) return [];
  return [
    ...wholeNumber(`${path}.port`, agent.port, 1, 65_535),
    ...(parseSubnet(`${agent.address}/32`)
      ? []
      : [{path: `${path}.address`, message: `is ${show(agent.address)}. It takes an IPv4 address.`}]),
  ];
}

function checkTimings(path: string, {timings = {}}: FrontEnd, a: FilledVirtualIp): Problem[] {
  const {interval = a.serverCheck.intervalMs, fall = a.serverCheck.fall, rise = a.serverCheck.rise} = timings;
  return [
    ...wholeNumber(`${path}.timings.interval`, interval, 20, 60_000, "It is in milliseconds."),
    ...wholeNumber(`${path}.timings.fall`, fall, 1, 10),
    ...wholeNumber(`${path}.timings.rise`, rise, 1, 10),
  ];
}
