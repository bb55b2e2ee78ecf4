import {mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {projectRoot} from "../lib/paths.ts";

/** What every results file has. */
export interface Results {
  version: 1;
  /** Name of the bench: first part of the file's name. */
  bench: string;
  /** ISO times. */
  began: string;
  ended: string;
  /** Commit that was measured, with `+changes` where files differed. */
  commit: string;
  machine: Record<string, string | number>;
}

export const resultsFolder = join(projectRoot, "bench", "results");

/** Writes `<bench>-<day>.json`; a second one of a day takes the place of the first. Gives its path. */
export function writeResults(results: Results, folder = resultsFolder): string {
  mkdirSync(folder, {recursive: true});
  const path = join(folder, `${results.bench}-${results.ended.slice(0, 10)}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

/** The newest results of a bench; undefined where there are none. */
export function newestResults<T extends Results>(bench: string, folder = resultsFolder): T | undefined {
  const pattern = new RegExp(`^${bench}-\\d{4}-\\d{2}-\\d{2}\\.json$`);
  const newest = readdirSync(folder)
    .filter(name => pattern.test(name))
    .sort()
    .at(-1);
  return newest === undefined ? undefined : (JSON.parse(readFileSync(join(folder, newest), "utf8")) as T);
}
