import {mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {CliError, exitCodes} from "../exit.ts";

/** Runs `work` while no other process of this machine holds the lock file. A lock whose process is gone is taken over.
 *  Errors: still held after `limitMs`. */
export async function withLock<T>(path: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), {recursive: true});
  const until = Date.now() + limitMs;
  while (!take(path)) {
    if (Date.now() > until) {
      throw new CliError(
        `Process ${read(path)?.pid} has held ${path} for more than ${Math.round(limitMs / 1000)} s. Wait for it, or end it.`,
        exitCodes.temporary,
      );
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, {force: true});
  }
}

interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number. */
  began: string;
}

function take(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify({pid: process.pid, began: processStart(process.pid)} satisfies Holder), {
      flag: "wx",
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = read(path);
    if (holder && !isRunning(holder)) rmSync(path, {force: true});
    return false;
  }
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
