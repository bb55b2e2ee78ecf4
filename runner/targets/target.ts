import type {Readable, Writable} from "node:stream";
import type {Durable} from "../../lib/kind.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {NetworkPurpose, PlatformKind, TopologyMember} from "../../lib/topology.ts";
import type {VolumeContent, VolumeLook} from "./volume-scripts.ts";

/** One process of a member, as its platform sees it from outside. `main` is the service itself, others are its
 *  companions. */
export interface ProcessLook {
  process: string;
  running: boolean;
  paused: boolean;
  /** Since when it runs, or does not, in Unix milliseconds. */
  since: number;
  /** Changes with every start: a crash that was mended at once still shows. */
  incarnation: string;
  exitCode?: number;
  /** What the platform's own health check says; absent when the process has none. */
  health?: "starting" | "healthy" | "unhealthy";
  /** The last answer of that check, with the time when it was given. */
  lastCheck?: {at: number; code: number; output: string};
}

/** Which lines of a member's processes are wanted. */
export interface LogWindow {
  /** Unix milliseconds, both. */
  since: number;
  until: number;
  /** At most so many of each process, the first ones. */
  lines: number;
}

/** What one process of a member wrote. */
export interface ProcessLog {
  process: string;
  /** `at`: Unix milliseconds, absent where the platform does not know it. */
  lines: {at?: number; text: string}[];
  /** How many more there were in the window. */
  more: number;
}

/** Memory of a process. */
export interface MemoryLook {
  limitBytes: number;
  /** What cannot be given back: caches left out. */
  usedBytes: number;
  /** How often the kernel has ended something for want of memory, since that time (Unix milliseconds). */
  killsSince(ms: number): Promise<number>;
}

/** What of a member is to end. */
export interface Aim {
  member: TopologyMember;
  /** These processes of it, main one or companions, and of each those with these numbers inside it. Default:
   *  everything. */
  only?: readonly {process: string; pids?: readonly number[]}[];
  /** The power of its disk is cut once all have ended. */
  power?: boolean;
}

/** Processes of many members that are about to end without notice. */
export interface Burst {
  /** Keeps the platform from starting again the members that end as a whole, until {@link Target.start}. Comes before
   *  {@link fire}. */
  arm(): Promise<void>;
  /** Ends them, at once and without waiting: between the first and the last there is nothing but the system calls. What
   *  is frozen ends when {@link Target.kill} lets it. */
  fire(): Fired;
}

/** When the first and the last process was told to end, Unix milliseconds with fraction, and how many there were (whole
 *  containers, where the kernel ends them at once). */
export interface Fired {
  from: number;
  to: number;
  reached: number;
}

export type Signal = "KILL" | "STOP" | "CONT";

/** A workload client container to start. */
export interface ClientSpec {
  name: string;
  /** Image tag. */
  image: string;
  /** Default: what the image starts. */
  command?: string[];
  /** Id of the run, for the label that leftovers are found by. */
  run: string;
  stack: string;
  /** Default: none. */
  network?: NetworkPurpose;
  /** Files below `/holdfast/`: name to content. Readable for the client alone. */
  files: Record<string, string>;
  /** Names of those that it may also write. */
  writable?: readonly string[];
  /** MiB. */
  memory: number;
}

/** A running workload client: JSON lines in, JSON lines out. When the runner dies its standard input ends, and so does
 *  the client. */
export interface ClientProcess {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Exit code, once it has ended. */
  ended: Promise<number>;
  /** Ends it at once and removes it with all that it had. May be called twice. */
  remove(): Promise<void>;
}

/** What makes a new cluster, and what proves whose its data is. */
export type NewCluster = Pick<Durable, "bootstrap" | "proof">;

/** The data volumes of members. Only those of members that are down are written to. */
export interface DataVolumes {
  /** Whether the member keeps its data in a volume. */
  has(member: TopologyMember): Promise<boolean>;
  /** Makes ready what {@link replace} puts into the volume: once for a target, before the load. `cluster`: how another
   *  cluster of its kind is made, for `foreign`. The member itself is left alone. */
  prepare(member: TopologyMember, content: VolumeContent, cluster: NewCluster | undefined): Promise<void>;
  /** Replaces what lies there, and keeps what was there aside. */
  replace(member: TopologyMember, content: VolumeContent): Promise<void>;
  look(member: TopologyMember): Promise<VolumeLook>;
  /** Puts back what is aside: always, or only where the replacement was cut before its end. Nothing is aside
   *  afterwards. */
  restore(member: TopologyMember, always: boolean): Promise<void>;
}

/** What can be done to members and beside them on one platform. Each call has a limit and fails with a sentence when it
 *  is passed. */
export interface Target {
  readonly kind: PlatformKind;
  readonly volumes: DataVolumes;
  /** Runs a command inside a member's main process environment. Rejects when the member cannot run one (dead, paused,
   *  no answer in time). */
  exec(member: TopologyMember, command: string[], limitMs: number, process?: string): Promise<CommandOutput>;
  /** Every process of the member, the main one first; never asks the member itself. */
  look(member: TopologyMember): Promise<ProcessLook[]>;
  /** Makes ready to end processes of members in the same instant. `why`: where their processes cannot be reached from
   *  this machine, in a sentence without its full stop. */
  aim(aims: readonly Aim[]): Promise<Burst | {why: string}>;
  /** Ends every process of the member without notice, at the same time, frozen ones without letting them go on; it
   *  stays down until {@link start}. */
  kill(member: TopologyMember): Promise<void>;
  /** Ends one process without notice, so that the platform starts it again by itself. */
  crash(member: TopologyMember, process: string): Promise<void>;
  /** Ends every process in good order; it stays down until {@link start}. */
  stop(member: TopologyMember): Promise<void>;
  /** Freezes every process. */
  pause(member: TopologyMember): Promise<void>;
  /** Lets frozen processes go on. Nothing happens when none is frozen. */
  unpause(member: TopologyMember): Promise<void>;
  /** Ends every process in good order and starts it again at once. */
  restart(member: TopologyMember): Promise<void>;
  /** Sends a signal to processes by their number inside `process`, the main one or a companion. */
  signal(member: TopologyMember, process: string, pids: readonly number[], signal: Signal): Promise<void>;
  /** Starts what does not run, in the order that the member needs. Nothing happens when all run. */
  start(member: TopologyMember): Promise<void>;
  /** How long starting the member takes at the moment, in milliseconds, by what was started lately; 0 where nothing
   *  was. */
  startMs(member: TopologyMember): number;
  /** What each process of the member wrote in a window of time, the main one first; also of processes that do not run
   *  any more. */
  logs(member: TopologyMember, window: LogWindow): Promise<ProcessLog[]>;
  /** Whether the member has a network at the moment. One that is down has none and gets a new one when it starts. */
  hasNetwork(member: TopologyMember): Promise<boolean>;
  /** Starts, where it is not there, the helper that {@link inNetwork} runs in. */
  prepareNetwork(member: TopologyMember): Promise<void>;
  /** Runs a shell script with nft, tc and ip in the member's network, from a helper beside it: the member itself needs
   *  no right to it. */
  inNetwork(member: TopologyMember, script: string, limitMs: number): Promise<CommandOutput>;
  /** A name of the member that only the platform's resolver knows. */
  nameOnNetwork(member: TopologyMember): string;
  /** Runs such a script in a network that nobody uses, to learn what the kernel can. */
  tryNetwork(script: string, limitMs: number): Promise<CommandOutput>;
  /** Runs a shell script in the folder that is the disk of a member which has one of its own, as the owner of that
   *  folder and from outside the member, so that it works while the member is down. */
  onDisk(member: TopologyMember, script: string, limitMs: number): Promise<CommandOutput>;
  /** Why the power of the member's disk cannot be cut; undefined when it can. */
  whyNoPowerCut(member: TopologyMember): Promise<string | undefined>;
  /** Cuts the power of the member's disk: it takes no more, and what was not synced is gone. Its processes must have
   *  ended. */
  cutPower(member: TopologyMember): Promise<void>;
  /** Since when its disk has no power, Unix milliseconds; undefined where it has. */
  powerOff(member: TopologyMember): Promise<number | undefined>;
  /** Gives the disk its power again, with what it had synced. The member must be down. */
  restorePower(member: TopologyMember): Promise<void>;
  /** Memory of the main process. */
  memory(member: TopologyMember): Promise<MemoryLook>;
  /** Sets the limit of the main process's memory, in bytes. */
  limitMemory(member: TopologyMember, bytes: number): Promise<void>;
  /** Why the disk of members cannot be made slow on this machine; undefined when it can. */
  whyNoDiskLimit(member: TopologyMember): Promise<string | undefined>;
  /** Sets the most that the member's main process may write to the machine's disk, in bytes a second; undefined: no
   *  limit. */
  limitDisk(member: TopologyMember, bytesPerSecond: number | undefined): Promise<void>;
  /** That limit as the kernel has it, and how much was written since the process started; undefined where there is no
   *  limit. */
  diskLimit(member: TopologyMember): Promise<{bytesPerSecond: number; writtenBytes: number} | undefined>;
  /** Keeps so many cores of the member's machine busy with processes that have nothing to do with the stack, until
   *  {@link endBusy}. */
  keepBusy(member: TopologyMember, id: string, cores: number): Promise<void>;
  /** Processor time that each of these processes has used, in milliseconds; only those that run. */
  busyMs(id: string): Promise<number[]>;
  /** Ends them. Nothing happens when none is there. */
  endBusy(id: string): Promise<void>;
  /** Starts a workload client on one of the stack's networks. */
  client(spec: ClientSpec): Promise<ClientProcess>;
  /** Removes the clients and helpers of the runs that are said to be dead; returns their names. */
  removeClients(dead: (run: string, stack: string) => boolean): Promise<string[]>;
  /** Figures of the machine and its engine, for the report. */
  machine(): Promise<Record<string, string | number>>;
}
