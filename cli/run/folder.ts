import {randomBytes} from "node:crypto";
import {existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {exitCodes} from "../../lib/exit.ts";
import {checkRoom, makeFolder, ReportError} from "../../report/write.ts";
import {attempt} from "./attempt.ts";

/** A report with its logs takes about 3 MB. */
const neededBytes = 8 * 1024 * 1024;

/** Refuses a folder for reports that cannot be written, or has no room, before anything is done to the stack (69). */
export function checkFolder(out: string): void {
  attempt(exitCodes.unavailable, () => checkRoom(out, neededBytes));
}

/** The same for a single file: neither a folder of that name, nor a place that cannot be written. */
export function checkFile(file: string): void {
  attempt(exitCodes.unavailable, () => {
    if (existsSync(file) && statSync(file).isDirectory())
      throw new ReportError(`Cannot write ${file}: there is a folder of that name: remove it or name another file`);
    checkRoom(dirname(file), neededBytes);
  });
}

/** Makes the folder for the reports of one command: `runs/<time>-<id>`, and `runs/latest` to find it by. */
export function makeRunFolder(out: string, now = new Date(), id = () => randomBytes(3).toString("hex")): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  for (;;) {
    const folder = join(out, `${time}-${id()}`);
    if (!attempt(exitCodes.unavailable, () => makeNew(folder))) continue;
    pointTo(folder);
    return folder;
  }
}

/** Whether the folder is new: two commands that start in the same second must not share one. */
function makeNew(folder: string): boolean {
  try {
    makeFolder(dirname(folder));
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && existsSync(folder)) return false;
    throw new ReportError(
      `The folder for reports, ${folder}, cannot be made: ${(error as Error).message}. Name another one with --out.`,
      {cause: error},
    );
  }
}

/** Put in place at once: a command that looks meanwhile finds the old one or the new one. */
function pointTo(folder: string): void {
  const latest = join(dirname(folder), "latest");
  const next = `${latest}-${basename(folder)}`;
  try {
    symlinkSync(basename(folder), next);
    renameSync(next, latest);
  } catch {
    // Some file systems have no links; the folder is said in the output as well.
    rmSync(next, {force: true});
  }
}
