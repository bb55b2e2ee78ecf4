import type {ComponentArgs, FrontEnd} from "../component.ts";

/** What a {@link VirtualIp} takes. A change of any of it but `members` (up to `room`) makes the members again, one at a
 *  time; the address moves once or twice meanwhile. */
export interface VirtualIpArgs extends ComponentArgs {
  /** What clients find behind the address. At least one. */
  frontEnds: FrontEnd[];
  /** How many members: 2 to 8. Default 2. All but one may be lost. */
  members?: number;
  /** How many members all are prepared for: `members` to 8. Default 4, or `members` where that is more. They know
   *  each other's addresses and bids from the start, so a change of `members` up to this number touches nobody who
   *  stands. */
  room?: number;
  /** The address that clients use, on the front network. Default number 15 of the block of addresses that the component
   *  has there. */
  address?: string;
  /** Milliseconds between two signs of life of the holder: 10 to 40000, a multiple of 10. Default 80. A lost holder is
   *  noticed after three of them and a little more: 0.28 s at 80 ms, 0.17 s at 50 ms (measured then: 0.14 to 0.2 s
   *  without a write on an idle machine with 2 cores; 2.9 s at the usual 1 s). At 50 a busy machine with 2 cores looks
   *  like a lost one now and then. */
  advertIntervalMs?: number;
  /** How HAProxy is watched on each member. */
  watch?: WatchArgs;
  /** How servers are watched, where a front end says nothing else. */
  serverCheck?: ServerCheckArgs;
  /** Milliseconds until an attempt to connect to a server counts as failed. Default 1000: servers are in the same
   *  site. */
  connectTimeoutMs?: number;
  /** Milliseconds that a session may be idle on either side. Default 3600000 (1 h): pools keep connections, AMQP sends
   *  heartbeats. Dead peers are found by TCP keepalive and by the checks, not by this. */
  idleTimeoutMs?: number;
  /** Sessions at the same time, over all front ends of a member. Default 2000. Each takes up to 34 KiB of `memory`. */
  maxConnections?: number;
  /** Memory limit of HAProxy in MiB. Default 128. */
  memory?: number;
  /** Port of the statistics page and, under `/metrics`, the Prometheus metrics: on the management network alone.
   *  Default 8404. */
  statisticsPort?: number;
  /** Port where HAProxy answers the members' own checks: on loopback and the management network. Default 8405. */
  checkPort?: number;
  /** Port where the members tell each other which server writes: on the management network alone. Default 10024. */
  peersPort?: number;
  /** Number of the zone, from 0, that member 0 is in. Default 0. Others follow round robin. */
  firstZone?: number;
}

/** How a member's HAProxy is watched. A refused connection moves the address at once; silence after `fall` times. */
export interface WatchArgs {
  /** Milliseconds between two questions. Default 100; each costs about 0.5 ms of processor time. */
  intervalMs?: number;
  /** Milliseconds until a question without an answer counts as failed. Default 250. */
  timeoutMs?: number;
  /** Unanswered questions in a row until the address is given up. Default 2: a stopped HAProxy is noticed after 0.5 to
   *  0.7 s. */
  fall?: number;
  /** Milliseconds that HAProxy must answer before its member may hold the address. Default 1000: by then it has found
   *  out which servers are up, and from the other members which one writes. */
  settleMs?: number;
}

/** How a server behind a front end is watched. */
export interface ServerCheckArgs {
  /** Milliseconds between two checks. Default 200. Every member asks every server: 3 servers and 2 members make 30
   *  checks a second. */
  intervalMs?: number;
  /** Milliseconds between two checks while the result is in doubt. Default 50. */
  fastIntervalMs?: number;
  /** Milliseconds until a check without an answer counts as failed. Default 500. */
  timeoutMs?: number;
  /** Milliseconds between two questions to a server's agent, where it has one. Default 100; each costs about 0.3 ms of
   *  processor time. */
  agentIntervalMs?: number;
  /** Failed checks in a row until a server is out and its sessions are shut. Default 2. A refused session leaves
   *  one. */
  fall?: number;
  /** Passed checks in a row until it is in again. Default 2. */
  rise?: number;
  /** A session that a server refuses counts like a failed check, and the next check comes after `fastIntervalMs`.
   *  Default true: the death of a process is seen before its turn. With false the checks alone decide. */
  watchSessions?: boolean;
  /** Shut the sessions of a server that is out. Default true. With false a client whose server hangs waits for its own
   *  timeout, and may go on with a former writer while others are on the new one. */
  shutSessions?: boolean;
}

/** {@link VirtualIpArgs} with every default in place. */
export type FilledVirtualIp = Required<Omit<VirtualIpArgs, "watch" | "serverCheck">> & {
  watch: Required<WatchArgs>;
  serverCheck: Required<ServerCheckArgs>;
};
