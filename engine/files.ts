import {existsSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {homedir, hostname} from "node:os";
import {join} from "node:path";
import {labels} from "../lib/names.ts";
import type {Topology} from "../lib/topology.ts";
import {processRuns} from "../setup/lock.ts";
import type {StackReference} from "./reference.ts";

/** Where the local backend keeps a stack. */
export interface StateFiles {
  checkpoint: string;
  locks: string;
}

/** A lock of the local backend: one JSON file an update. */
export interface StateLock {
  file: string;
  pid: number;
  hostname: string;
  username: string;
  timestamp: string;
}

/** Files of a stack in a local backend; undefined for any other backend, which looks after its locks itself. */
export function stateFiles(
  backend: string | undefined,
  reference: Pick<StackReference, "project" | "name">,
): StateFiles | undefined {
  if (!backend?.startsWith("file://")) return undefined;
  const folder = join(backend.slice("file://".length).replace(/^~/, homedir()), ".pulumi");
  return {
    checkpoint: join(folder, "stacks", reference.project, `${reference.name}.json`),
    locks: join(folder, "locks", "organization", reference.project, reference.name),
  };
}

/** Locks that are there. A file that cannot be read counts as one of process 0. */
export function readLocks(files: StateFiles): StateLock[] {
  if (!existsSync(files.locks)) return [];
  return readdirSync(files.locks)
    .filter(name => name.endsWith(".json"))
    .map(name => parseLock(join(files.locks, name)));
}

function parseLock(file: string): StateLock {
  try {
    return {...JSON.parse(readFileSync(file, "utf8")), file};
  } catch {
    return {file, pid: 0, hostname: hostname(), username: "", timestamp: ""};
  }
}

/** Whether the process that took the lock is gone. A lock of another host is never stale for us; a number that now
 *  belongs to some other program is. */
export function isStale(
  lock: StateLock,
  machine: {hostname: string; isEngine(pid: number): boolean} = {hostname: hostname(), isEngine},
): boolean {
  return lock.hostname === machine.hostname && !machine.isEngine(lock.pid);
}

function isEngine(pid: number): boolean {
  if (pid <= 0 || !processRuns(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]!.includes("pulumi");
  } catch {
    // No /proc on this system: a process of that number runs, and that is all we know.
    return true;
  }
}

/** Whether the process is an engine that one of our commands started and that has outlived it: it has nobody to report
 *  to. */
export function isOrphan(pid: number): boolean {
  try {
    const parent = Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")[1]);
    const ours = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes("PULUMI_AUTOMATION_API=true");
    return ours && !readFileSync(`/proc/${parent}/cmdline`, "utf8").includes("main.ts");
  } catch {
    return false;
  }
}

/** Drops a lock whose process is gone. */
export function dropLock(lock: StateLock): void {
  for (const file of [lock.file, `${lock.file}.attrs`]) rmSync(file, {force: true});
}

/** Operations that an engine had begun and never ended, as the checkpoint lists them. */
export function pendingOperations(files: StateFiles): {type: string; urn: string}[] {
  const pending = latestIn(files).pending_operations ?? [];
  return pending.map(operation => ({type: operation.type, urn: operation.resource.urn}));
}

/** The real resources in the checkpoint. */
export function knownResources(files: StateFiles): {type: string; id: string}[] {
  const resources = latestIn(files).resources ?? [];
  return resources.flatMap(({type, id}) => (id ? [{type, id}] : []));
}

/** What is lost for good when it goes: volumes that members keep their data in (those with the files of one process
 *  carry its role), and one-shots that filled them. Names as the program has them. */
export function dataIn(files: StateFiles): {name: string; type: string; id: string}[] {
  return (latestIn(files).resources ?? []).flatMap(({type, id, urn, inputs}) => {
    const files = inputs?.labels?.some(({label}) => label === labels.role) === true;
    const isData = type === "holdfast:docker:Job" || (type === "docker:index/volume:Volume" && !files);
    return isData && id ? [{name: urn.split("::").at(-1)!, type, id}] : [];
  });
}

/** The topology document that the stack stands with, of whatever version; undefined where it is not up. */
export function topologyIn(files: StateFiles): Topology | undefined {
  return latestIn(files).resources?.find(({type}) => type === "pulumi:pulumi:Stack")?.outputs?.topology;
}

interface Latest {
  resources?: {
    type: string;
    id?: string;
    urn: string;
    inputs?: {labels?: {label: string; value: string}[]};
    outputs?: {topology?: Topology};
  }[];
  pending_operations?: {type: string; resource: {urn: string}}[];
}

/** The deployment that the checkpoint holds; empty where there is none. */
function latestIn({checkpoint}: StateFiles): Latest {
  if (!existsSync(checkpoint)) return {};
  return JSON.parse(readFileSync(checkpoint, "utf8"))?.checkpoint?.latest ?? {};
}
