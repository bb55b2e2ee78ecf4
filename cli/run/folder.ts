import {randomBytes} from "node:crypto";
import {mkdirSync, rmSync, symlinkSync} from "node:fs";
import {basename, dirname, join, resolve} from "node:path";
import {CliError, exitCodes} from "../exit.ts";

/** Makes the folder for the reports of one command: `runs/<time>-<id>`, and `runs/latest` to find it by. Made before anything is done to
 *  the stack, so that a full disk shows early. */
export function makeRunFolder(out: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const folder = join(out, `${time}-${randomBytes(2).toString("hex")}`);
  try {
    mkdirSync(folder, {recursive: true});
  } catch (error) {
    throw new CliError(
      `The folder for reports, ${folder}, cannot be made: ${(error as Error).message}. Name another one with --out.`,
      exitCodes.unavailable,
    );
  }
  pointTo(folder);
  return folder;
}

function pointTo(folder: string): void {
  const latest = join(dirname(folder), "latest");
  try {
    rmSync(latest, {force: true});
    symlinkSync(basename(folder), latest);
  } catch {
    // Some file systems have no links; the folder is said in the output as well.
  }
}

/** Unique for a run: names tables, queues and containers. */
export function newRunId(): string {
  return `r${Date.now().toString(36)}${randomBytes(2).toString("hex")}`;
}

/** The path as a person would type it. */
export function typed(path: string): string {
  const here = `${resolve()}/`;
  return resolve(path).startsWith(here) ? resolve(path).slice(here.length) : path;
}
