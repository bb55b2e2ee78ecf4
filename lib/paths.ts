import {homedir} from "node:os";
import {join, resolve} from "node:path";

/** The folder of this project. */
export const projectRoot = resolve(import.meta.dirname, "..");

/** Where what is built or downloaded is kept between runs: `$XDG_CACHE_HOME/holdfast` or `~/.cache/holdfast`. */
export function cacheDir(...below: string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "holdfast", ...below);
}

/** State of this checkout: stacks, passphrase, journals. Never committed. */
export function projectState(...below: string[]): string {
  return join(projectRoot, ".holdfast", ...below);
}

/** The path as a person would type it here. */
export function typedPath(path: string): string {
  const here = `${resolve()}/`;
  return resolve(path).startsWith(here) ? resolve(path).slice(here.length) : path;
}
