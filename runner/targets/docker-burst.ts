import {spawnSync} from "node:child_process";
import {accessSync, closeSync, constants, existsSync, openSync, readFileSync, writeSync} from "node:fs";
import {isMainThread} from "node:worker_threads";
import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import {cgroupsOf, controllerIn} from "./docker-cgroup.ts";
import {keeperOf, processesOf} from "./docker-containers.ts";
import {engineLimitMs} from "./docker-engine.ts";
import {keepDown} from "./docker-restarts.ts";
import type {Aim, Burst, Fired} from "./target.ts";

/** The control group of one container, and which of its processes are meant. */
export interface Group {
  folder: string;
  /** Numbers on this machine; absent: all that are in it when the burst is fired. */
  only?: ReadonlySet<number>;
}

/** What the keeper of a disk cuts its power at. */
export const cutSignal = "SIGUSR1";

/** Aims at containers from the engine's own machine. `why`: what keeps this process from reaching theirs, in a
 *  sentence. Containers that do not run are left out. */
export async function aimAt(docker: Docker, aims: readonly Aim[]): Promise<Burst | {why: string}> {
  const wanted = inOrder(aims);
  const found = await Promise.all(wanted.map(async one => ({...one, ...(await locate(docker, one.name))})));
  const groups: Group[] = [];
  for (const {name, pid, cgroups, pids} of found) {
    if (pid === 0) continue;
    if (cgroups === undefined) return {why: `the processes of ${name} are not on this machine`};
    const {folder} = controllerIn(cgroups, "pids");
    if (!maySignal(folder, pid)) return {why: `to end the processes of ${name} from this machine takes root`};
    groups.push({folder, ...(pids ? {only: onHost(folder, pids)} : {})});
  }
  const disks: number[] = [];
  for (const {member} of aims.filter(({power}) => power)) {
    const name = keeperOf(member);
    const {pid, cgroups} = await locate(docker, name);
    if (pid === 0) throw new Error(`${name} does not run, so the power of its disk cannot be cut.`);
    if (cgroups === undefined) return {why: `what keeps the disk of ${member.name} is not on this machine`};
    disks.push(pid);
  }
  const whole = aims.filter(({only}) => !only).flatMap(({member}) => Object.values(processesOf(member)));
  return new HostBurst(groups, () => keepDown(docker, whole), disks);
}

/** Main processes of all members first: what is beside them only watches or keeps the network. */
function inOrder(aims: readonly Aim[]): {name: string; pids?: readonly number[]}[] {
  const all = aims.flatMap(({member, only}) => {
    const names = processesOf(member);
    const processes = only ?? Object.keys(names).map(process => ({process}));
    return processes.map(one => ({...one, name: names[one.process]!}));
  });
  const rank = (process: string) => (process === "main" ? 0 : process === "net" ? 2 : 1);
  return all.toSorted((a, b) => rank(a.process) - rank(b.process));
}

async function locate(docker: Docker, name: string): Promise<{pid: number; cgroups: string | undefined}> {
  const {Id, State} = await within(engineLimitMs, `looking at ${name}`, docker.getContainer(name).inspect());
  return {pid: State.Pid, cgroups: State.Pid === 0 ? undefined : await cgroupsOf(Id, State.Pid)};
}

function maySignal(folder: string, pid: number): boolean {
  try {
    if (existsSync(`${folder}/cgroup.kill`)) accessSync(`${folder}/cgroup.kill`, constants.W_OK);
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes of the container by the number that they have inside it. */
function onHost(folder: string, inside: readonly number[]): Set<number> {
  return new Set(
    processesIn(folder).filter(pid => {
      const numbers = /^NSpid:\s*(.*)$/m.exec(read(`/proc/${pid}/status`))?.[1]?.split(/\s+/) ?? [];
      return inside.includes(Number(numbers.at(-1)));
    }),
  );
}

/** SIGKILL from outside. Whom it has reached does nothing any more but end: the kernel looks for it before it goes on
 *  with the program. */
export class HostBurst implements Burst {
  readonly #groups: readonly Group[];
  readonly #keepDown: () => Promise<void>;
  readonly #disks: readonly number[];

  /** `disks`: numbers of what keeps disks whose power is to be cut. */
  constructor(groups: readonly Group[], keepDown: () => Promise<void>, disks: readonly number[] = []) {
    this.#groups = groups;
    this.#keepDown = keepDown;
    this.#disks = disks;
  }

  arm(): Promise<void> {
    return this.#keepDown();
  }

  fire(): Fired {
    const calm = hurry();
    const files: number[] = [];
    const pids: number[] = [];
    for (const {folder, only} of this.#groups) {
      // With version 2 of the control groups one write ends all that is in one, whatever it starts meanwhile.
      const file = only ? undefined : open(`${folder}/cgroup.kill`);
      if (file !== undefined) files.push(file);
      // Where there is none, what a process starts meanwhile ends with the first process of its container.
      else pids.push(...processesIn(folder).filter(pid => !only || only.has(pid)));
    }
    const from = now();
    for (let i = 0; i < files.length; i++) shoot(() => writeSync(files[i]!, "1"));
    for (let i = 0; i < pids.length; i++) shoot(() => process.kill(pids[i]!, 9));
    const to = now();
    // Not before: what a process could still acknowledge would be gone, which no power cut does.
    for (const pid of this.#disks) shoot(() => process.kill(pid, cutSignal));
    calm();
    files.forEach(closeSync);
    return {from, to, reached: files.length + pids.length};
  }
}

/** What has ended by itself needs no shot. */
function shoot(shot: () => unknown): void {
  try {
    shot();
  } catch (error) {
    if (!["ESRCH", "ENODEV", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** From outside, as the kernel's out-of-memory killer would. Not where the engine has its own process numbers (Docker
 *  Desktop). */
export async function signalFromHost(id: string, pid: number, signal: NodeJS.Signals = "SIGKILL"): Promise<boolean> {
  if ((await cgroupsOf(id, pid)) === undefined) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

const now = () => performance.timeOrigin + performance.now();

const processesIn = (folder: string) => read(`${folder}/cgroup.procs`).split("\n").filter(Boolean).map(Number);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function open(file: string): number | undefined {
  try {
    // Without making it: version 1 of the control groups has none.
    return openSync(file, constants.O_WRONLY);
  } catch {
    return undefined;
  }
}

/** Takes the processor before everybody else, so that nobody who is woken to die takes it in the middle of a burst: on
 *  two cores with a load of 50 one in five was longer than 5 ms without, of 25 the longest was 0.2 ms with. Without the
 *  right, or the tool for it, the burst is as long as it is. */
function hurry(): () => void {
  // The first thread alone has the number of the process.
  if (!isMainThread) return () => {};
  const schedule = (...how: string[]) => {
    const {status} = spawnSync("chrt", [...how, String(process.pid)], {stdio: "ignore", timeout: 10_000});
    return status === 0;
  };
  if (!schedule("--fifo", "--pid", "1")) return () => {};
  return () => void schedule("--other", "--pid", "0");
}
