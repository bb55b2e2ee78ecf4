import {mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {CliError, exitCodes} from "../exit.ts";

/** A lock file with nothing in it is being written, or its process was killed while it was: after so long the latter. */
const writtenMs = 5000;

/** Runs `work` while no other process of this machine holds the lock file. A lock whose process is gone is taken over.
 *  Errors ({@link LockHeld}): still held after `limitMs`. */
export async function withLock<T>(path: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), {recursive: true});
  const until = Date.now() + limitMs;
  while (!take(path)) {
    if (Date.now() > until) {
      throw new LockHeld(path, limitMs, read(path));
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, {force: true});
  }
}

/** Another process holds the lock. */
export class LockHeld extends CliError {
  /** What to do about who holds it. */
  readonly advice: string;

  constructor(path: string, limitMs: number, holder: Partial<Holder> | undefined) {
    const {pid, command, since} = holder ?? {};
    const advice = pid
      ? `Wait for it (process ${pid}${command ? `, \`${command}\`` : ""}${since ? ` since ${since}` : ""}), or end it with: kill -INT ${pid}`
      : "Wait for it.";
    super(
      `Process ${pid ?? "?"} has held ${path} for more than ${Math.round(limitMs / 1000)} s. ${advice}`,
      exitCodes.temporary,
    );
    this.advice = advice;
  }
}

interface Holder {
  pid: number;
  /** Its command alone: arguments may be nobody else's business. */
  command: string;
  since: string;
  /** Tells a process from a later one with the same number. */
  began: string;
}

function take(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(self()), {flag: "wx"});
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = read(path);
    if (holder ? !isRunning(holder) : age(path) > writtenMs) rmSync(path, {force: true});
    return false;
  }
}

function self(): Holder {
  const {pid, argv} = process;
  return {pid, command: argv[2] ?? "", since: new Date().toISOString(), began: processStart(pid)};
}

/** Since when the file is as it is, milliseconds; 0 where it is gone. */
function age(path: string): number {
  return Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function isRunning(holder: Holder): boolean {
  return processRuns(holder.pid) && processStart(holder.pid) === holder.began;
}

/** Whether a process of that number runs on this machine. */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When it began, in the kernel's own unit; empty where the kernel has no /proc. */
export function processStart(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")[19]!;
  } catch {
    return "";
  }
}
