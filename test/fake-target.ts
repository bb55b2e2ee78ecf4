import {setTimeout as sleep} from "node:timers/promises";
import type {Standstill} from "../lib/analysis/standstills.ts";
import type {CommandOutput} from "../lib/state/state.ts";
import type {TopologyMember} from "../lib/topology.ts";
import type {
  Aim,
  Burst,
  ClientProcess,
  ClientSpec,
  DataVolumes,
  LogWindow,
  MemoryLook,
  ProcessLog,
  ProcessLook,
  Signal,
  Target,
} from "../runner/targets/target.ts";
import type {VolumeContent} from "../runner/targets/volume-scripts.ts";
import {type ClientMischief, FakeClient} from "./fake-client.ts";
import {fakeWatcher} from "./fake-watcher.ts";

/** What can go wrong on a fake target. */
export interface Mischief extends ClientMischief {
  /** The engine says yes to a kill and nothing happens. */
  killDoesNothing?: boolean;
  /** Why processes cannot be reached from this machine. */
  outOfReach?: string;
  /** How long a burst takes, from its first to its last process, in milliseconds. */
  burstMs?: number;
  /** How long it takes to kill a member, in milliseconds. */
  killMs?: number;
  /** How long the engine says that a start takes. */
  startMs?: number;
  /** Rules are put into a network and drop nothing. */
  dropsNothing?: boolean;
  /** What the kernel says to a script that asks what it can. */
  kernelSays?: string;
  /** When the machine stood still, and what its watcher says of that at the end. `undefined` in their place: the
   *  watcher dies. */
  standstills?: () => readonly Standstill[] | undefined;
  /** This member is started again too whenever another one is killed. */
  startsAgain?: string;
  /** From its first kill on, members do not answer what they are asked. */
  silentMembers?: boolean;
  /** Nobody's log can be read to its end. */
  endlessLogs?: boolean;
  /** The member stays down when it is started. */
  neverStarts?: boolean;
}

interface FakeMember {
  running: boolean;
  paused: boolean;
  starts: number;
  since: number;
  /** When the process named `daemon` was started, which is what tells one from the next. */
  daemon: number;
  hangs: boolean;
  full: boolean;
  limit: number;
  /** Since when its disk has no power. */
  off?: number;
  diskRate?: number;
  clockMs: number;
  /** What lies in its volume; what was its own is aside then. */
  holds?: VolumeContent;
}

const fakeLimit = 100_000_000;

const never = () => new Promise<never>(() => {});

/** A target without an engine. */
export class FakeTarget implements Target {
  readonly kind = "docker";
  readonly log: string[] = [];
  readonly mischief: Mischief;
  readonly clients: string[] = [];
  /** Called a moment after a kill. */
  killed: () => void = () => {};
  /** Tables of rules by member. */
  readonly tables = new Map<string, Set<string>>();
  readonly #members = new Map<string, FakeMember>();
  /** Busy neighbours by id: how many. */
  readonly #busy = new Map<string, number>();

  constructor(mischief: Mischief = {}) {
    this.mischief = mischief;
  }

  async exec(member: TopologyMember, command: string[], _limitMs?: number, process = "main"): Promise<CommandOutput> {
    const {running, paused, daemon, hangs} = this.#of(member);
    if (this.mischief.silentMembers && this.log.length > 0) return never();
    if (!running || paused) throw new Error(`${member.name} cannot run a command`);
    if (command[0] === "sh" && command[2]?.includes("/proc/"))
      return {
        code: 0,
        stdout: process === "main" && command[4] === "daemon" ? `7 ${hangs ? "T" : "S"} ${daemon}\n` : "",
        stderr: "",
      };
    if (command[0] === "date") return {code: 0, stdout: String(Date.now() + this.#of(member).clockMs), stderr: ""};
    if (command[2]?.includes("holdfast-clock")) this.#of(member).clockMs = Number(command[4]) * 1000;
    return {code: 0, stdout: this.answer(member), stderr: ""};
  }

  /** What a healthy member says. */
  answer(_member: TopologyMember): string {
    return "STAT version 1.6.18\nSTAT uptime 10\nSTAT curr_connections 1\nSTAT curr_items 1\nEND\n";
  }

  async look(member: TopologyMember): Promise<ProcessLook[]> {
    const {running, paused, starts} = this.#of(member);
    return ["main", "helper"].map(process => ({
      process,
      running,
      paused,
      since: this.#of(member).since,
      incarnation: String(starts),
      ...(running ? {} : {exitCode: 137}),
    }));
  }

  async aim(aims: readonly Aim[]): Promise<Burst | {why: string}> {
    const {outOfReach: why, burstMs = 0.5} = this.mischief;
    if (why) return {why};
    return {
      arm: async () => {},
      fire: () => {
        this.log.push(`burst ${aims.map(({member}) => member.name).join(" ")}`);
        for (const {member, only} of aims)
          for (const {process, pids} of only ?? []) this.#end(member, process, pids !== undefined);
        const from = Date.now();
        return {from, to: from + burstMs, reached: 2 * aims.length};
      },
    };
  }

  /** The platform starts again what a burst has ended. */
  #end(member: TopologyMember, _process: string, daemon: boolean): void {
    const of = this.#of(member);
    if (daemon) of.daemon++;
    else of.starts++;
  }

  async kill(member: TopologyMember): Promise<void> {
    this.log.push(`kill ${member.name}`);
    if (this.mischief.killMs) await sleep(this.mischief.killMs);
    if (!this.mischief.killDoesNothing) Object.assign(this.#of(member), {running: false, paused: false});
    const {startsAgain} = this.mischief;
    if (startsAgain) this.#named(startsAgain).starts++;
    setTimeout(this.killed, 100);
  }

  async crash(member: TopologyMember, process: string): Promise<void> {
    this.log.push(`crash ${member.name} ${process}`);
    this.#of(member).starts++;
  }

  async stop(member: TopologyMember): Promise<void> {
    this.log.push(`stop ${member.name}`);
    this.#of(member).running = false;
  }

  async pause(member: TopologyMember): Promise<void> {
    this.log.push(`pause ${member.name}`);
    this.#of(member).paused = true;
  }

  async unpause(member: TopologyMember): Promise<void> {
    this.#of(member).paused = false;
  }

  async restart(member: TopologyMember): Promise<void> {
    this.log.push(`restart ${member.name}`);
    this.#of(member).starts++;
  }

  async signal(member: TopologyMember, process: string, pids: readonly number[], signal: Signal): Promise<void> {
    if (this.mischief.killMs) await sleep(this.mischief.killMs);
    this.log.push(`${signal} ${member.name} ${process} ${pids.join(" ")}`);
    const of = this.#of(member);
    if (signal === "KILL") of.daemon++;
    else of.hangs = signal === "STOP";
  }

  async hasNetwork(member: TopologyMember): Promise<boolean> {
    return this.#of(member).running;
  }

  async prepareNetwork(member: TopologyMember): Promise<void> {
    this.log.push(`prepare ${member.name}`);
  }

  /** Understands as much of nft and tc as the faults say. */
  async inNetwork(member: TopologyMember, script: string): Promise<CommandOutput> {
    const tables = this.tables.get(member.name) ?? new Set();
    this.tables.set(member.name, tables);
    const said = (code: number, stdout = "") => ({code, stdout, stderr: ""});
    const [, seconds] = /^sleep ([\d.]+)$/m.exec(script) ?? [];
    if (seconds) return this.#keep(member, script, Number(seconds) * 1000);
    if (script.includes("qdisc")) return this.#shape(tables, script, said);
    if (script.includes("getent")) return said([...tables].some(name => name.startsWith("inet ")) ? 2 : 0);
    const name = /table (netdev|inet) (\S+)/.exec(script)?.slice(1).join(" ");
    if (!name) return said(0);
    if (script.includes("delete table")) tables.delete(name);
    else if (script.includes("nft -f -")) tables.add(name);
    else if (!tables.has(name)) return said(4);
    else {
      const packets = this.mischief.dropsNothing ? 0 : 5;
      const rule = (chain: string) => ({rule: {chain, expr: [{counter: {packets}}, {drop: null}]}});
      return said(0, JSON.stringify({nftables: [rule("in"), rule("out")]}));
    }
    return said(0);
  }

  /** The parts of a script that puts rules in, keeps them so long, lists them and takes them out. */
  async #keep(member: TopologyMember, script: string, ms: number): Promise<CommandOutput> {
    const [, name] = /table (netdev \S+)/.exec(script)!;
    await this.inNetwork(member, `table ${name} nft -f -`);
    const from = Date.now();
    await sleep(ms, undefined, {ref: false});
    const {stdout} = await this.inNetwork(member, `list table ${name}`);
    await this.inNetwork(member, `delete table ${name}`);
    return {code: 0, stdout: `${from}000000 ${from + ms}000000\n${stdout}`, stderr: ""};
  }

  #shape(tables: Set<string>, script: string, said: (code: number, stdout?: string) => CommandOutput): CommandOutput {
    if (script.includes("qdisc replace")) tables.add("tc");
    else if (script.includes("qdisc del")) tables.delete("tc");
    else if (script.includes("exit 4")) return said(tables.has("tc") ? 0 : 4);
    else if (tables.has("tc"))
      return said(0, JSON.stringify([{kind: "any", handle: "4f:", bytes: 900, packets: 9, overlimits: 4}]));
    return said(0);
  }

  nameOnNetwork(member: TopologyMember): string {
    return member.name;
  }

  async onDisk(member: TopologyMember, script: string): Promise<CommandOutput> {
    const of = this.#of(member);
    const said = (code: number, stdout = "") => ({code, stdout, stderr: ""});
    if (script.startsWith("dd if=/dev/zero of=holdfast-fill bs=1M")) of.full = true;
    if (script.startsWith("rm")) of.full = false;
    if (script.startsWith("[")) return said(of.full ? 1 : 0);
    if (script.includes("code=$?") && !of.full) return said(5);
    return said(0, "0\n");
  }

  readonly volumes: DataVolumes = {
    has: async () => true,
    prepare: async (member, content) => {
      this.log.push(`prepare ${member.name} ${content}`);
    },
    replace: async (member, content) => {
      if (this.#of(member).running) throw new Error(`${member.name} runs`);
      this.log.push(`replace ${member.name} ${content}`);
      this.#of(member).holds = content;
    },
    look: async member => {
      const {holds} = this.#of(member);
      if (!holds) return {files: 3, replaced: false, same: []};
      return {files: holds === "empty" ? 0 : 2, replaced: true, same: [holds], aside: {files: 3, same: false}};
    },
    restore: async (member, always) => {
      if (this.#of(member).running) throw new Error(`${member.name} runs`);
      this.log.push(`${always ? "put back" : "keep"} ${member.name}`);
      this.#of(member).holds = undefined;
    },
  };

  async whyNoPowerCut(): Promise<string | undefined> {
    return this.mischief.kernelSays;
  }

  async cutPower(member: TopologyMember): Promise<void> {
    this.log.push(`cut ${member.name}`);
    this.#of(member).off ??= Date.now();
  }

  async powerOff(member: TopologyMember): Promise<number | undefined> {
    return this.#of(member).off;
  }

  async restorePower(member: TopologyMember): Promise<void> {
    if (this.#of(member).running) throw new Error(`the disk of ${member.name} is still mounted`);
    this.#of(member).off = undefined;
  }

  async memory(member: TopologyMember): Promise<MemoryLook> {
    const of = this.#of(member);
    return {limitBytes: of.limit, usedBytes: 10_000_000, killsSince: async () => (of.limit < fakeLimit ? 1 : 0)};
  }

  async limitMemory(member: TopologyMember, bytes: number): Promise<void> {
    this.#of(member).limit = bytes;
    if (bytes < fakeLimit) this.#of(member).starts++;
  }

  async whyNoDiskLimit(): Promise<string | undefined> {
    return this.mischief.kernelSays;
  }

  async limitDisk(member: TopologyMember, bytesPerSecond: number | undefined): Promise<void> {
    this.#of(member).diskRate = bytesPerSecond;
  }

  async diskLimit(member: TopologyMember) {
    const {diskRate} = this.#of(member);
    return diskRate === undefined ? undefined : {bytesPerSecond: diskRate, writtenBytes: 0};
  }

  async keepBusy(_member: TopologyMember, id: string, cores: number): Promise<void> {
    this.#busy.set(id, cores);
  }

  async busyMs(id: string): Promise<number[]> {
    return Array.from({length: this.#busy.get(id) ?? 0}, () => 500);
  }

  async endBusy(id: string): Promise<void> {
    this.#busy.delete(id);
  }

  async tryNetwork(): Promise<CommandOutput> {
    const {kernelSays} = this.mischief;
    return {code: kernelSays ? 1 : 0, stdout: "", stderr: kernelSays ?? ""};
  }

  async start(member: TopologyMember): Promise<void> {
    if (this.#of(member).running || this.mischief.neverStarts) return;
    this.log.push(`start ${member.name}`);
    Object.assign(this.#of(member), {running: true, since: Date.now(), starts: this.#of(member).starts + 1});
  }

  startMs(): number {
    return this.mischief.startMs ?? 0;
  }

  async logs(member: TopologyMember, {since}: LogWindow): Promise<ProcessLog[]> {
    if (this.mischief.endlessLogs) return never();
    return [{process: "main", lines: [{at: since, text: `${member.name} says that its password is hunter2`}], more: 0}];
  }

  async client(spec: ClientSpec): Promise<ClientProcess> {
    if (spec.files["workload.json"] === undefined) return fakeWatcher(this.mischief.standstills);
    this.clients.push(spec.name);
    return new FakeClient(this, spec).process;
  }

  async removeClients(dead: (run: string, stack: string) => boolean): Promise<string[]> {
    return dead("old", "lab/lab") ? ["old-client"] : [];
  }

  async machine(): Promise<Record<string, number>> {
    return {cores: 2};
  }

  /** Everything runs. */
  get whole(): boolean {
    return (
      [...this.#members.values()].every(
        m =>
          m.running &&
          !m.paused &&
          !m.hangs &&
          !m.full &&
          !m.off &&
          m.limit === fakeLimit &&
          !m.diskRate &&
          m.clockMs === 0 &&
          !m.holds,
      ) &&
      [...this.tables.values()].every(tables => tables.size === 0) &&
      this.#busy.size === 0
    );
  }

  #of(member: TopologyMember): FakeMember {
    return this.#named(member.name);
  }

  #named(name: string): FakeMember {
    const known = this.#members.get(name) ?? {
      running: true,
      paused: false,
      starts: 0,
      since: 0,
      daemon: 100,
      hangs: false,
      full: false,
      limit: fakeLimit,
      clockMs: 0,
    };
    this.#members.set(name, known);
    return known;
  }
}
