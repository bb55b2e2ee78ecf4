import {oneOf, type Problem, resourceName, show, unique, wholeNumber} from "../../lib/problems.ts";
import {addressAt, parseSubnet, showSubnet, subnetSize} from "../../lib/subnets.ts";
import {checkRoom} from "../room.ts";
import type {FilledVirtualIp, VirtualIpArgs} from "./args.ts";
import {checkFrontEnds} from "./check-front-ends.ts";
import {fillVirtualIp, sizes} from "./fill.ts";

/** Memory of one session in KiB: two buffers of 16 KiB and what stands around them. */
const sessionKib = 34;
/** What HAProxy takes without any session, in MiB, with room to spare (measured: 5). */
const idleMib = 32;

/** Everything that is wrong with the arguments; empty when nothing is. */
export function checkVirtualIp(name: string, args: VirtualIpArgs): Problem[] {
  const a = fillVirtualIp(name, args);
  const zones = a.platform.zones.length;
  return [
    ...resourceName("name", name),
    ...checkMembers(a.members, zones),
    ...checkRoom(a.room, a.members, sizes),
    ...wholeNumber("firstZone", a.firstZone, 0, Math.max(zones - 1, 0)),
    ...checkAddress(name, a),
    ...checkTimings(a),
    ...checkSize(a),
    ...checkPorts(a),
    ...checkFrontEnds(a),
  ];
}

function checkMembers(members: number, zones: number): Problem[] {
  const problems = wholeNumber(
    "members",
    members,
    sizes.least,
    sizes.most,
    "One alone cannot be replaced when it is lost. Write 2.",
  );
  if (zones >= 2) return problems;
  return [
    ...problems,
    {
      path: "platform.zones",
      message: `are ${zones}. All members would be lost with one zone. Give the platform 2 zones or more.`,
    },
  ];
}

function checkAddress(name: string, a: FilledVirtualIp): Problem[] {
  const network = a.platform.network("front");
  const subnet = parseSubnet(network.document.subnet);
  const address = parseSubnet(`${a.address}/32`);
  if (!address) return [{path: "address", message: `is ${show(a.address)}. It takes an IPv4 address.`}];
  if (!subnet) return [];
  const offset = address.base - subnet.base;
  // The last address is the broadcast address, the first two are the network itself and, by convention, its gateway.
  if (offset < 2 || offset > subnetSize(subnet) - 2) {
    return [
      {
        path: "address",
        message: `is ${show(a.address)}, which is not for use in the front network ${showSubnet(subnet)}. It takes ${addressAt(subnet, 2)} to ${addressAt(subnet, subnetSize(subnet) - 2)}.`,
      },
    ];
  }
  const room = Number.isInteger(a.room) ? Math.min(Math.max(a.room, 0), sizes.most) : 0;
  const own = Array.from({length: room}, (_, i) => network.address(name, i));
  const taken = own.includes(a.address) ? `${name}-${own.indexOf(a.address)}` : undefined;
  const server = a.frontEnds.flatMap(end => end.servers).find(s => s.address === a.address)?.name;
  if (!taken && !server) return [];
  return [
    {
      path: "address",
      message: `is ${show(a.address)}, which ${taken ?? server} has. Take one that nobody has, or leave it out.`,
    },
  ];
}

function checkTimings(a: FilledVirtualIp): Problem[] {
  const {watch, serverCheck: server} = a;
  const problems = [
    ...knownKeys("watch", watch, ["intervalMs", "timeoutMs", "fall", "settleMs"]),
    ...knownKeys("serverCheck", server, [
      "intervalMs",
      "fastIntervalMs",
      "timeoutMs",
      "fall",
      "rise",
      "agentIntervalMs",
      "watchSessions",
      "shutSessions",
    ]),
    ...wholeNumber("advertIntervalMs", a.advertIntervalMs, 10, 40_000, "Write 50."),
    ...wholeNumber("watch.intervalMs", watch.intervalMs, 20, 10_000, "Write 100."),
    ...wholeNumber("watch.timeoutMs", watch.timeoutMs, 20, 10_000, "Write 250."),
    ...wholeNumber("watch.fall", watch.fall, 1, 10, "Write 2."),
    ...wholeNumber("watch.settleMs", watch.settleMs, 0, 60_000, "Write 1000."),
    ...wholeNumber("serverCheck.intervalMs", server.intervalMs, 20, 60_000, "Write 200."),
    ...wholeNumber("serverCheck.fastIntervalMs", server.fastIntervalMs, 10, 60_000, "Write 50."),
    ...wholeNumber("serverCheck.timeoutMs", server.timeoutMs, 20, 60_000, "Write 500."),
    ...wholeNumber("serverCheck.agentIntervalMs", server.agentIntervalMs, 20, 60_000, "Write 100."),
    ...wholeNumber("serverCheck.fall", server.fall, 1, 10, "Write 2."),
    ...wholeNumber("serverCheck.rise", server.rise, 1, 10, "Write 2."),
    ...oneOf("serverCheck.watchSessions", server.watchSessions, [true, false]),
    ...oneOf("serverCheck.shutSessions", server.shutSessions, [true, false]),
    ...wholeNumber("connectTimeoutMs", a.connectTimeoutMs, 50, 300_000, "Write 1000."),
    ...wholeNumber(
      "idleTimeoutMs",
      a.idleTimeoutMs,
      1000,
      86_400_000,
      "It is in milliseconds. Write 3600000 for an hour.",
    ),
  ];
  if (a.advertIntervalMs % 10 !== 0) {
    problems.push({
      path: "advertIntervalMs",
      message: `is ${a.advertIntervalMs}. VRRP counts in hundredths of a second: write ${Math.max(10, Math.round(a.advertIntervalMs / 10) * 10)}.`,
    });
  }
  if (server.fastIntervalMs > server.intervalMs) {
    problems.push({
      path: "serverCheck.fastIntervalMs",
      message: `is ${server.fastIntervalMs}, longer than \`serverCheck.intervalMs\` ${server.intervalMs}. In doubt, checks come faster: write ${server.intervalMs} or less.`,
    });
  }
  if (a.idleTimeoutMs <= a.connectTimeoutMs) {
    problems.push({
      path: "idleTimeoutMs",
      message: `is ${a.idleTimeoutMs}, not longer than \`connectTimeoutMs\` ${a.connectTimeoutMs}: sessions would be cut before they begin. Write 3600000.`,
    });
  }
  return problems;
}

/** They may come from a file, where a misspelt one would be taken for the default. */
function knownKeys(path: string, given: object, allowed: string[]): Problem[] {
  return Object.keys(given)
    .filter(key => !allowed.includes(key))
    .map(key => ({path: `${path}.${key}`, message: `is not known. It takes ${allowed.join(", ")}.`}));
}

function checkSize(a: FilledVirtualIp): Problem[] {
  const problems = [
    ...wholeNumber("maxConnections", a.maxConnections, 10, 1_000_000, "Write 2000."),
    ...wholeNumber("memory", a.memory, 64, 1_048_576, "It is in MiB. Write 128."),
  ];
  const needed = Math.ceil((a.maxConnections * sessionKib) / 1024) + idleMib;
  if (problems.length > 0 || needed <= a.memory) return problems;
  return [
    {
      path: "memory",
      message: `is ${a.memory} MiB. ${a.maxConnections} sessions take up to ${needed} MiB: write that, or a lower \`maxConnections\`.`,
    },
  ];
}

function checkPorts(a: FilledVirtualIp): Problem[] {
  const ports = [a.statisticsPort, a.checkPort, a.peersPort];
  return [
    ...wholeNumber("statisticsPort", a.statisticsPort, 1, 65_535, "Write 8404."),
    ...wholeNumber("checkPort", a.checkPort, 1, 65_535, "Write 8405."),
    ...wholeNumber("peersPort", a.peersPort, 1, 65_535, "Write 10024."),
    ...unique("statisticsPort, checkPort, peersPort", ports, "port"),
  ];
}
