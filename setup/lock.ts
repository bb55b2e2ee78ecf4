import {randomUUID} from "node:crypto";
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {isAlive, thisProcess} from "../lib/alive.ts";
import {CliError, exitCodes} from "../lib/exit.ts";

/** A lock file with nothing in it is being written, or its process was killed while it was: after so long the
 *  latter. */
const writtenMs = 5000;

/** Runs `work` while no other process of this machine holds the lock file. A lock whose process is gone is taken over.
 *  Errors ({@link LockHeld}): still held after `limitMs`. */
export async function withLock<T>(path: string, limitMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), {recursive: true});
  const until = Date.now() + limitMs;
  const own = JSON.stringify(holder());
  while (!take(path, own)) {
    if (Date.now() > until) throw new LockHeld(path, limitMs, parse(read(path)));
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    if (read(path) === own) rmSync(path, {force: true});
  }
}

/** Another process holds the lock. */
export class LockHeld extends CliError {
  /** What to do about who holds it. */
  readonly advice: string;

  constructor(path: string, limitMs: number, by: Partial<Holder> | undefined) {
    const {pid, command, since} = by ?? {};
    const advice = pid
      ? `Wait for it (process ${pid}${command ? `, \`${command}\`` : ""}${since ? ` since ${since}` : ""}), or end it with: kill -INT ${pid}`
      : `It has not said who it is: try again in ${writtenMs / 1000} s.`;
    super(
      `Process ${pid ?? "?"} has held ${path}; given up after ${Math.round(limitMs / 1000)} s. ${advice}`,
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
  /** Tells one turn of a process from the next. */
  id: string;
}

function holder(): Holder {
  const {pid, started} = thisProcess();
  const since = new Date().toISOString();
  return {pid, command: process.argv[2] ?? "", since, began: started, id: randomUUID()};
}

function take(path: string, own: string): boolean {
  if (make(path, own)) return true;
  const text = read(path);
  const by = parse(text);
  if (text === undefined || (by ? isAlive({pid: by.pid, started: by.began}) : age(path) <= writtenMs)) return false;
  takeAway(path, text);
  return make(path, own);
}

/** Whoever stood still between making the file and writing it may have lost it meanwhile. */
function make(path: string, own: string): boolean {
  try {
    writeFileSync(path, own, {flag: "wx"});
    return read(path) === own;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** Another one that waits may have been faster, and what is there now be its own: that is put back. */
function takeAway(path: string, judged: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return;
  }
  if (read(aside) !== judged && !existsSync(path)) renameSync(aside, path);
  else rmSync(aside, {force: true});
}

/** Since when the file is as it is, milliseconds; 0 where it is gone. */
function age(path: string): number {
  return Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());
}

/** Undefined where it is gone. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parse(text: string | undefined): Holder | undefined {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
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
