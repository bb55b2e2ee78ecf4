import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import type {Result} from "../lib/result.ts";
import {resultSchema} from "./schema.ts";
import {ReportError} from "./write.ts";

/** One result on disk. */
export interface StoredResult {
  result: Result;
  /** Folder that holds its report.json. */
  folder: string;
}

/** What was found. */
export interface StoredResults {
  runs: StoredResult[];
  /** Of several: why some could not be read, a sentence each with the file. */
  unreadable: string[];
}

/** The results of a report.json, of a folder that holds one, or of a folder of such folders (in the order of its
 *  index.json, else by name). Of several those that can be read.
 *  @throws ReportError when there is none, or none that
 *  is a report */
export function readResults(path: string): StoredResults {
  if (!existsSync(path))
    throw new ReportError(`${path}: there is no such file or folder. Name a report.json or a folder of reports`);
  const kind = statSync(path);
  if (!kind.isFile() && !kind.isDirectory())
    throw new ReportError(`${path}: is neither a file nor a folder. Name a report.json or a folder of reports`);
  if (kind.isFile()) return {runs: [{result: readResult(path), folder: join(path, "..")}], unreadable: []};
  const own = join(path, "report.json");
  if (existsSync(own)) return {runs: [{result: readResult(own), folder: path}], unreadable: []};
  const folders = order(path).filter(name => existsSync(join(path, name, "report.json")));
  if (!folders.length) throw new ReportError(`${path}: there is no report.json in it nor in a folder of it`);
  return readEach(folders.map(name => join(path, name)));
}

function readEach(folders: readonly string[]): StoredResults {
  const runs: StoredResult[] = [];
  const wrong: ReportError[] = [];
  for (const folder of folders) {
    try {
      runs.push({result: readResult(join(folder, "report.json")), folder});
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      wrong.push(error);
    }
  }
  if (runs.length === 0) throw wrong[0];
  return {runs, unreadable: wrong.map(error => error.message)};
}

/** The result of one report.json.
 *  @throws ReportError with the file and the first fields that are wrong */
export function readResult(file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ReportError(`${file}: cannot be read as JSON: ${(error as Error).message}`, {cause: error});
  }
  const read = resultSchema.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, 3)
    .map(issue => `${issue.path.join(".") || "document"}: ${issue.message}`);
  const rest = read.error.issues.length - problems.length;
  throw new ReportError(
    `${file}: is not a report of version 1: ${problems.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`,
  );
}

function order(folder: string): string[] {
  const names = readdirSync(folder).sort();
  try {
    const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {runs: {folder: string}[]};
    const first = index.runs.map(run => run.folder).filter(name => names.includes(name));
    return [...first, ...names.filter(name => !first.includes(name))];
  } catch {
    return names;
  }
}
