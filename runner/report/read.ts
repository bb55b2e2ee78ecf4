import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import type {Result} from "../../lib/result.ts";
import {resultSchema} from "./schema.ts";
import {ReportError} from "./write.ts";

/** One result on disk. */
export interface StoredResult {
  result: Result;
  /** Folder that holds its report.json. */
  folder: string;
}

/** The results of a report.json, of a folder that holds one, or of a folder of such folders (in the order of its index.json,
 *  else by name).
 *  @throws ReportError when there is none, or a file is not a report */
export function readResults(path: string): StoredResult[] {
  if (!existsSync(path))
    throw new ReportError(`${path}: there is no such file or folder. Name a report.json or a folder of reports`);
  const kind = statSync(path);
  if (!kind.isFile() && !kind.isDirectory())
    throw new ReportError(`${path}: is neither a file nor a folder. Name a report.json or a folder of reports`);
  if (kind.isFile()) return [{result: readResult(path), folder: join(path, "..")}];
  const own = join(path, "report.json");
  if (existsSync(own)) return [{result: readResult(own), folder: path}];
  const folders = order(path).filter(name => existsSync(join(path, name, "report.json")));
  if (!folders.length) throw new ReportError(`${path}: there is no report.json in it nor in a folder of it`);
  return folders.map(name => ({result: readResult(join(path, name, "report.json")), folder: join(path, name)}));
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
