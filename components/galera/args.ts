import type {DiskKind} from "../../lib/topology.ts";
import type {ComponentArgs} from "../component.ts";

/** A database with the one user that owns it. */
export interface GaleraDatabase {
  /** Lower-case letters, digits and `_`, at most 64. */
  name: string;
  /** Lower-case letters and digits, at most 16. It gets all privileges on this database and none elsewhere; its
   *  password is the secret `<cluster>-<user>-password`. */
  user: string;
}

/** When a silent member counts as lost, in milliseconds. Any member's death stalls all writes until it is evicted, so
 *  these are the outage. The price of shorter ones: a member that is only slow (a busy host, a long fsync) is evicted
 *  and takes time to join again. */
export interface GaleraDetection {
  /** How often a silent link is probed. At most a third of `suspectMs`. Default 250; Galera's own is 1000. */
  keepaliveMs: number;
  /** How often silence is looked for. At most half of `suspectMs`. Cannot be changed while a member runs. Default 250;
   *  Galera's own is 500. */
  inactiveCheckMs: number;
  /** Silence until a member is suspected; it is evicted when all others suspect it. Default 1000; Galera's own is 5000.
   */
  suspectMs: number;
  /** Silence until a member is evicted whatever the others say. At least `suspectMs`. Default 3000; Galera's own is 15000.
   */
  inactiveMs: number;
  /** Time to agree on who is left before it is tried again. At most `inactiveMs`. Default 3000; Galera's own is 7500.
   */
  installMs: number;
  /** How often messages are sent again while members agree on who is left. At most `suspectMs`. Default 200; Galera's
   *  own is 1000. */
  joinRetransMs: number;
}

/** How a member without usable data gets all of it. */
export type GaleraStateTransfer = "mariabackup" | "rsync";

export interface GaleraClusterArgs extends ComponentArgs {
  /** Members that hold data, 2 to 9. Default 3. Even sizes take an `arbitrator`. More members survive more losses and
   *  make every commit wait for more answers. */
  members?: number;
  /** How many members the cluster may grow to without touching those that stand, or the proxies in front of them, which
   *  know of all from the start. Default 5, or `members` where that is more; at most 9. Each costs checks that nobody
   *  answers. */
  room?: number;
  /** One vote without data, in the zone after the last member's: an even size then keeps quorum when half of the data
   *  members are lost. Default false. It costs a small process that receives all write-sets. */
  arbitrator?: boolean;
  /** Made once, at the first bootstrap; later entries are made by hand (see docs/galera.md). Default none. */
  databases?: GaleraDatabase[];
  /** Default "mariabackup": the donor goes on serving. With "rsync" the donor takes no writes until the transfer has
   *  ended. */
  stateTransfer?: GaleraStateTransfer;
  /** InnoDB's buffer pool in MiB, 16 or more. Default 128. Larger ones read less from disk. */
  bufferPoolMb?: number;
  /** InnoDB's redo log in MiB, 16 or more. Default 64. Larger ones write pages back less often and make the start after
   *  a crash longer. */
  redoLogMb?: number;
  /** Write-sets kept for members that come back, in MiB, 16 or more. Default 64. One who missed more than this takes a
   *  full state transfer. */
  gcacheMb?: number;
  /** A disk of its own for each member, in MiB, at least the redo log, `gcacheMb` and 256; 0: the platform's storage,
   *  which members share. Default 0. For labs that test full disks and power cuts; `disk` says what it is made of. */
  diskMb?: number;
  /** What a disk of its own is made of. "memory" (default): it comes on top of `memory`, and a restart of the engine
   *  empties it. "loop": an image on a loop device, which survives that, and which loses what was not synced when the
   *  fault `power` cuts its power; it takes the right to use loop devices. */
  disk?: DiskKind;
  /** "settable": members have a clock of their own, which the fault `clock` can set, at the price of one more call for
   *  each question for the time. Default "machine". */
  clock?: "machine" | "settable";
  /** Memory limit of a member in MiB, state transfer included; at least the buffer pool and 384. Default 768. */
  memory?: number;
  /** 1: a commit is on the member's disk before it is acknowledged, so it survives a power cut of all zones at once. 2:
   *  it survives the death of all processes, a power cut of everything may lose 1 s. 0: the death of all processes may
   *  lose 1 s. A member that dies alone loses nothing with any of them, because the others have it. Default 1;
   *  docs/galera.md has the price. */
  flushLogAtTrxCommit?: 0 | 1 | 2;
  /** Client connections to one member, 10 to 10000. Default 500. Each takes memory only while it exists. */
  maxConnections?: number;
  /** Threads that apply the writes of others, 1 to 64. Default 4. */
  applierThreads?: number;
  /** Failure detection. */
  detection?: Partial<GaleraDetection>;
  /** A watcher beside each member evicts one that is known to be dead, instead of waiting until it is suspected
   *  (`detection.suspectMs`): see docs/galera.md for when it does nothing. Default true. It costs a small process and
   *  at most 96 MiB a member, and needs three votes or more. A change replaces every member. */
  eviction?: boolean;
  /** Age in milliseconds at which the answerer's last look at its member no longer counts and it answers "no": how long
   *  a hung member goes unseen. Default 500, at least 200. It asks every 100. */
  answerFreshMs?: number;
  /** Index of the zone of member 0. Default 0. */
  firstZone?: number;
}

/** Arguments with every default filled in. */
export type FilledGaleraArgs = Omit<Required<GaleraClusterArgs>, "detection"> & {detection: GaleraDetection};
