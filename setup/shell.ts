import {accessSync, constants, createWriteStream, mkdirSync, statSync} from "node:fs";
import {delimiter, dirname, join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";
import {cacheDir} from "../lib/paths.ts";

/** Settings of {@link run}. */
export interface RunSettings {
  env?: Record<string, string>;
  cwd?: string;
  /** Milliseconds. Default 60 s. */
  limit?: number;
  /** Name of a log in the cache that gets everything it prints. */
  log?: string;
}

/** Runs a program and gives its standard output. Errors: it is not there, fails, or takes too long; the message has its
 *  last lines and the log's place. */
export async function run(program: string, args: string[], settings: RunSettings = {}): Promise<string> {
  const limit = settings.limit ?? 60_000;
  const {$} = await import("zx");
  const made = $({
    quiet: true,
    nothrow: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {...process.env, PATH: searchPath(), ...settings.env},
    cwd: settings.cwd,
    timeout: limit,
  })`${program} ${args}`;
  const path = settings.log ? logPath(settings.log) : undefined;
  if (path) {
    const log = createWriteStream(path, {flags: "w"});
    made.stdout.on("data", part => log.write(part));
    made.stderr.on("data", part => log.write(part));
  }
  const began = Date.now();
  const result = await made;
  if (result.exitCode === 0) return result.stdout;
  const why =
    Date.now() - began >= limit
      ? `took longer than ${limit / 1000} s`
      : `ended with ${result.signal ?? `exit code ${result.exitCode}`}`;
  const said = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-8).join("\n  ");
  throw new CliError(
    `${program} ${args.slice(0, 4).join(" ")} ${why}:\n  ${said}${path ? `\n  Whole log: ${path}` : ""}`,
    exitCodes.unavailable,
  );
}

/** Where the log of that name is. */
export function logPath(name: string): string {
  const path = cacheDir("logs", `${name}.log`);
  mkdirSync(dirname(path), {recursive: true});
  return path;
}

/** Where a system keeps what its administrator runs: dockerd, and what it runs itself. On PATH of root, of others not
 *  always. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** PATH, and behind it the folders of the system that are not on it. */
export function searchPath(path = process.env.PATH ?? ""): string {
  const there = path.split(delimiter).filter(Boolean);
  return [...there, ...systemFolders.filter(folder => !there.includes(folder))].join(delimiter);
}

/** The program's place on PATH, or in a folder of the system. */
export function which(program: string, path = searchPath()): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder && isProgram(join(folder, program))) return join(folder, program);
  }
  return undefined;
}

/** Whether the file is there and may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether an address answers at all, whatever it says, within `limitMs`. */
export async function answers(url: string, limitMs = 4000): Promise<boolean> {
  try {
    await fetch(url, {method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(limitMs)});
    return true;
  } catch {
    return false;
  }
}
