import {existsSync, readdirSync, readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {z} from "zod";
import type {Result} from "../../lib/result.ts";
import {ReportError} from "./write.ts";

const verdict = z.enum(["pass", "unknown", "fail"]);
const counts = z.record(z.string(), z.number());

const workload = z.object({
  workload: z.string(),
  endpoint: z.string(),
  clients: z.number(),
  rate: z.number(),
  acknowledged: z.number(),
  failed: z.number(),
  unknown: z.number(),
  lost: z.number().optional(),
  duplicates: z.number().optional(),
  recovered: z.number().optional(),
  longestOutageMs: z.number(),
  outages: z.array(z.object({client: z.number(), from: z.number(), to: z.number(), ms: z.number(), errors: counts})),
  latencyMs: z.object({p50: z.number(), p99: z.number(), max: z.number()}),
  hitRate: z.number().optional(),
  errors: counts,
  bucketMs: z.number().positive(),
  series: z.array(
    z.object({
      at: z.number(),
      ok: z.number(),
      failed: z.number(),
      unknown: z.number(),
      p50: z.number().optional(),
      p99: z.number().optional(),
      max: z.number().optional(),
      hitRate: z.number().optional(),
    }),
  ),
});

const document = z.object({
  version: z.literal(1),
  scenario: z.string(),
  summary: z.string(),
  stack: z.string(),
  verdict,
  reasons: z.array(z.string()),
  seed: z.number(),
  command: z.string(),
  started: z.number(),
  ended: z.number(),
  phases: z.array(
    z.object({
      name: z.enum(["ready", "load", "fault", "heal", "settle", "read", "verdict", "converge"]),
      from: z.number(),
      to: z.number(),
    }),
  ),
  workloads: z.record(z.string(), workload),
  faults: z.array(
    z.object({
      fault: z.string(),
      asked: z.string(),
      members: z.array(z.string()),
      injected: z.number(),
      confirmed: z.number().optional(),
      healed: z.number().optional(),
      evidence: z.string().optional(),
    }),
  ),
  recoveredMs: z.number().optional(),
  converged: z.boolean().optional(),
  bounds: z.array(
    z.object({
      bound: z.string(),
      limit: z.number(),
      measured: z.number().optional(),
      unit: z.enum(["ms", "count", "ratio"]),
      verdict,
    }),
  ),
  members: z.array(
    z.object({
      member: z.string(),
      component: z.string(),
      zone: z.string(),
      states: z.array(z.object({at: z.number(), state: z.string(), healthy: z.boolean()})),
    }),
  ),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Fields that a newer Holdfast added stay in the document. */
const schema = z.looseObject(document.shape) satisfies z.ZodType<Result>;

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
  if (statSync(path).isFile()) return [{result: readResult(path), folder: join(path, "..")}];
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
  const read = schema.safeParse(value);
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
