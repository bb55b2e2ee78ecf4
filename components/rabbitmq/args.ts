import type {DiskKind} from "../../lib/topology.ts";
import type {ComponentArgs} from "../component.ts";

/** What a {@link RabbitMqCluster} takes. */
export interface RabbitMqArgs extends ComponentArgs {
  /** How many members: 1, 3, 5, 7 or 9. Default 3. An even size is refused: it survives no more losses than the size
   *  below it. More members join one at a time, and those that go leave the cluster in good order. Quorum queues that
   *  exist stay on the members that they are on: spread them anew with `rabbitmq-queues grow`. */
  members?: number;
  /** How many members the cluster may grow to without touching those that stand, or the proxies in front of them, which
   *  know of all from the start. Default 5, or `members` where that is more; at most 9. Each costs a check that nobody
   *  answers. */
  room?: number;
  /** RabbitMQ version, `major.minor`. Default and only choice `3.10`, which Debian 12 ships. */
  version?: string;
  /** How queues survive a member. `quorum` (default): Raft, nothing acknowledged is lost; clients declare their queues
   *  with `x-queue-type: quorum`, other queues are not replicated. `mirrored`: a policy mirrors every durable or
   *  transient queue, clients change nothing; gone from RabbitMQ 4.0 on. A change makes members again, one at a time;
   *  queues keep the kind with which they were declared. */
  replication?: "mirrored" | "quorum";
  /** For `mirrored`: on how many members each queue is, its leader counted; `"all"`, the default, for every member.
   *  With fewer, a leader that is cut off may confirm messages that nobody else has: it waits for its mirrors alone,
   *  and takes the members without one for a majority while it has not missed them yet. Fewer are refused without
   *  `acceptLoss`. More copies cost network and latency for each message. A change makes members again, one at a
   *  time. */
  copies?: number | "all";
  /** What members do that no longer hear a majority. `pause_minority` (default): stop serving until they hear it again.
   *  `autoheal`: serve on, and throw away the smaller side's messages afterwards; refused with `mirrored`, where those
   *  may be acknowledged ones. `ignore` is refused: the sides would never come together again. Both refusals fall with
   *  `acceptLoss`. */
  partitionHandling?: "pause_minority" | "autoheal" | "ignore";
  /** Take what loses acknowledged messages (`autoheal` with mirrored queues, `ignore`, fewer `copies` than members), to
   *  measure it in a drill. Default false. */
  acceptLoss?: boolean;
  /** Seconds of silence after which a member counts as dead; seen between 0.75 and 1.25 times this. Default 5: a
   *  paused member is noticed after 3.8 to 6.3 s (measured on a busy machine: 6.4 s without a confirm; 9.6 s at 6).
   *  RabbitMQ's own default is 60. Takes 4 to 120; the shorter, the more a machine that is merely busy looks like an
   *  outage. A member that was frozen for 0.75 times this starts again when it wakes. A change makes members again,
   *  one at a time. */
  netTicktimeSeconds?: number;
  /** The virtual host. Default `/`. */
  vhost?: string;
  /** Users of the virtual host; each gets a generated password, secret `<component>-<user>`. Default one user `app`
   *  that may do everything in the virtual host and nothing outside it. The first is the one that front ends name. */
  users?: RabbitMqUser[];
  /** A disk of its own for each member, in MiB, at least 128; 0: the platform's storage, which members share. Default 0.
   *  Publishers are held back when less than 64 are free. For labs that test full disks and power cuts; `disk` says
   *  what it is made of. */
  diskMb?: number;
  /** What a disk of its own is made of. "memory" (default): it comes on top of `memory`, and a restart of the engine
   *  empties it. "loop": an image on a loop device, which survives that, and which loses what was not synced when the
   *  fault `power` cuts its power; it takes the right to use loop devices. */
  disk?: DiskKind;
  /** "settable": members have a clock of their own, which the fault `clock` can set. Default "machine". */
  clock?: "machine" | "settable";
  /** Memory limit of each member in MiB. Default 512; least 256. Publishers are held back from 60 % of it on. */
  memory?: number;
  /** Number of the zone, from 0, that member 0 is in. Default 0. Others follow round robin. */
  firstZone?: number;
}

/** A user of the virtual host. */
export interface RabbitMqUser {
  /** 1 to 32 lower-case letters, digits and hyphens. */
  name: string;
  /** Regular expression of the names that it may declare and delete. Default `.*`. */
  configure?: string;
  /** Regular expression of the names that it may publish to. Default `.*`. */
  write?: string;
  /** Regular expression of the names that it may consume from. Default `.*`. */
  read?: string;
}

/** {@link RabbitMqArgs} with every default in place. */
export type FilledRabbitMq = Required<Omit<RabbitMqArgs, "users">> & {users: Required<RabbitMqUser>[]};
