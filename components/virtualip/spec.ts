import {parseSubnet} from "../../lib/subnets.ts";
import type {HealthSpec, MemberSpec, ProcessSpec} from "../../platforms/platform.ts";
import {zoneOf} from "../component.ts";
import {render} from "../render.ts";
import type {FilledVirtualIp} from "./args.ts";
import {priorityOf} from "./priority.ts";
import {healthCommand} from "./state.ts";
import {takeoverMs, timingsOf} from "./timings.ts";

/** User number of HAProxy in its image. */
const uid = 812;

/** Both processes need little, but in time: on a machine under load (run queue of 15 on 2 cores) Keepalived at an
 *  advert interval of 50 ms changed the holder six times a minute without this, and never with it. */
const cpuShares = 8192;

/** A member before it is made. */
export interface Planned {
  name: string;
  zone: string;
  addresses: {front: string; back: string; mgmt: string};
}

/** Who there is, and who there may be: those that are made are the first of the room. All configuration follows from
 *  it. */
export interface VirtualIpPlan {
  members: Planned[];
  room: Planned[];
}

/** Names, zones and addresses. */
export function plan(name: string, a: FilledVirtualIp): VirtualIpPlan {
  const address = (purpose: "front" | "back" | "mgmt", i: number) => a.platform.network(purpose).address(name, i);
  const room = Array.from({length: a.room}, (_, i) => ({
    name: `${name}-${i}`,
    zone: zoneOf(a.platform, i, a.firstZone),
    addresses: {front: address("front", i), back: address("back", i), mgmt: address("mgmt", i)},
  }));
  return {members: room.slice(0, a.members), room};
}

/** VRRP's number of the address: 1 to 255. Adverts are unicast, so it need not be unique in the network. */
export const routerId = (address: string): number => ((parseSubnet(`${address}/32`)?.base ?? 0) % 255) + 1;

const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 3000, retries: 2, startLimit: 30_000};

/** HAProxy with Keepalived at its side. */
export function memberSpec(component: string, self: Planned, p: VirtualIpPlan, a: FilledVirtualIp): MemberSpec {
  return {
    ...haproxy(self, p.room, a),
    component,
    zone: self.zone,
    addresses: self.addresses,
    hostname: self.name,
    sysctls: {
      // HAProxy listens on the address whether or not its member holds it.
      "net.ipv4.ip_nonlocal_bind": "1",
      // An address is answered for on its own interface alone.
      "net.ipv4.conf.all.arp_ignore": "1",
      // No capability is needed for any port.
      "net.ipv4.ip_unprivileged_port_start": "0",
    },
    health,
    companions: [{name: "keepalived", ...keepalived(component, self, p.room, a)}],
    peers: p.members.filter(m => m !== self).map(m => m.name),
  };
}

function haproxy(self: Planned, room: Planned[], a: FilledVirtualIp): ProcessSpec {
  const writers = a.frontEnds.filter(end => end.mode === "single-writer").map(end => end.name);
  // Two sockets a session, a socket and a timer a check, and a hundred for itself.
  const sockets = 2 * a.maxConnections + a.frontEnds.reduce((sum, end) => sum + 2 * end.servers.length, 100);
  return {
    image: "haproxy",
    command: ["haproxy", "-db", "-f", "/holdfast/haproxy.cfg"],
    user: String(uid),
    files: [
      {
        name: "haproxy.cfg",
        content: render("haproxy/haproxy.cfg", {
          member: self.name,
          members: room.map(m => ({name: m.name, address: m.addresses.mgmt})),
          virtual: a.address,
          management: self.addresses.mgmt,
          statisticsPort: a.statisticsPort,
          checkPort: a.checkPort,
          peersPort: a.peersPort,
          maxConnections: a.maxConnections,
          connectTimeout: a.connectTimeoutMs,
          idleTimeout: a.idleTimeoutMs,
          serverCheckTimeout: a.serverCheck.timeoutMs,
          agentInterval: a.serverCheck.agentIntervalMs,
          watchSessions: a.serverCheck.watchSessions,
          shutSessions: a.serverCheck.shutSessions,
          frontEnds: frontEnds(a),
        }),
      },
      {
        name: "virtualip",
        content: render("haproxy/virtualip", {
          virtual: a.address,
          checkPort: a.checkPort,
          writers: writers.join(" "),
        }),
      },
    ],
    scratch: [{path: "/run/haproxy", megabytes: 1, uid, gid: 0, mode: "0700"}],
    memory: a.memory,
    cpuShares,
    ulimits: [{name: "nofile", soft: sockets, hard: sockets}],
    stopGrace: 5,
  };
}

function frontEnds(a: FilledVirtualIp): Record<string, unknown>[] {
  return a.frontEnds.map(end => ({
    name: end.name,
    port: end.port,
    mode: end.mode,
    check: {send: "", expect: "", ...end.check},
    servers: end.servers,
    ...timingsOf(a, end),
  }));
}

function keepalived(component: string, self: Planned, room: Planned[], a: FilledVirtualIp): ProcessSpec {
  const others = room.filter(m => m !== self);
  const seconds = (ms: number) => String(ms / 1000);
  return {
    image: "keepalived",
    command: ["holdfast-vrrp"],
    // Keepalived as another user gets nothing from the capabilities; uid 0 has no others than these two.
    user: "0",
    capabilities: ["NET_ADMIN", "NET_RAW"],
    files: [
      {
        name: "keepalived.conf",
        content: render("keepalived/keepalived.conf", {
          member: self.name,
          instance: component,
          routerId: routerId(a.address),
          priority: priorityOf(room.indexOf(self), room.length),
          advertInterval: seconds(a.advertIntervalMs),
          address: self.addresses.front,
          virtual: a.address,
          peers: others.map(m => m.addresses.front),
        }),
      },
      {
        name: "vrrp.settings",
        content: render("keepalived/vrrp.settings", {
          address: self.addresses.front,
          virtual: a.address,
          peers: others.map(m => m.addresses.mgmt).join(" "),
          checkPort: a.checkPort,
          interval: seconds(a.watch.intervalMs),
          timeout: seconds(a.watch.timeoutMs),
          fall: a.watch.fall,
          rise: Math.max(1, Math.ceil(a.watch.settleMs / a.watch.intervalMs)),
          takeover: seconds(takeoverMs(a)),
        }),
      },
    ],
    scratch: [{path: "/run", megabytes: 1, mode: "0700"}],
    memory: 64,
    cpuShares,
    stopGrace: 5,
  };
}
