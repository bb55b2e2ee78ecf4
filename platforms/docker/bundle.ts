import {createHash} from "node:crypto";
import {mkdirSync, readFileSync, renameSync, statSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";
import {cacheDir} from "../../lib/paths.ts";

/** What a bundle was made from. While no source has another size or time, it is the same. */
interface Made {
  sources: {path: string; size: number; time: number}[];
  text: string;
}

/** One file of a program that Node runs by itself, from its entry point below the project. Making the three that a lab
 *  needs takes 0.6 s, on the command line and in the stack's program again, so what was made is kept in the cache
 *  beside the list of its sources. */
export function bundle(program: string, project: string): Uint8Array {
  const entry = join(project, program);
  const name = createHash("sha256").update(entry).digest("hex").slice(0, 16);
  const kept = cacheDir("bundles", `${name}.json`);
  const before = read(kept);
  if (before?.sources.every(unchanged)) return Buffer.from(before.text);
  const made = make(entry, project);
  keep(kept, made);
  return Buffer.from(made.text);
}

function make(entry: string, project: string): Made {
  // Loaded only where there is something to make.
  const {buildSync} = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const result = buildSync({
    entryPoints: [entry],
    absWorkingDir: project,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    write: false,
    metafile: true,
    logLevel: "silent",
    // Packages written for CommonJS call `require`, which an ES module must make first.
    banner: {
      js: 'import {createRequire as holdfastRequire} from "node:module"; const require = holdfastRequire(import.meta.url);',
    },
  });
  const sources = Object.keys(result.metafile.inputs).map(path => resolve(project, path));
  return {sources: sources.map(path => ({path, ...lookAt(path)})), text: result.outputFiles[0]!.text};
}

function unchanged(source: Made["sources"][number]): boolean {
  try {
    const {size, time} = lookAt(source.path);
    return size === source.size && time === source.time;
  } catch {
    return false;
  }
}

function lookAt(path: string): {size: number; time: number} {
  const {size, mtimeMs} = statSync(path);
  return {size, time: mtimeMs};
}

function read(file: string): Made | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Made;
  } catch {
    return undefined;
  }
}

/** In one move: a second command may read it at the same time. A cache that cannot be written costs time alone. */
function keep(file: string, made: Made): void {
  try {
    mkdirSync(dirname(file), {recursive: true});
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(made));
    renameSync(temporary, file);
  } catch {
    // Nothing is lost.
  }
}
