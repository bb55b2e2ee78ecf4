import type {z} from "zod";
import {type Problem, show} from "../../lib/problems.ts";
import {type Path, type Positions, showPath} from "./positions.ts";

/** So many unknown keys of one place are told: a file of another kind has thousands. */
const mostUnknown = 20;

/** Turns what the schema found into problems for people, with lines. */
export function problemsOf(
  error: z.ZodError,
  document: unknown,
  schema: z.ZodType,
  at: Positions,
): (Problem & {line: number})[] {
  return error.issues.flatMap(issue => toProblems(issue, document, schema, at));
}

function toProblems(
  issue: z.core.$ZodIssue,
  document: unknown,
  schema: z.ZodType,
  at: Positions,
): (Problem & {line: number})[] {
  const path = issue.path.filter(step => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(schema, path).join(", ");
    const told = issue.keys
      .slice(0, mostUnknown)
      .map(key => problem([...path, key], `is unknown. Allowed: ${allowed}.`, at));
    const more = issue.keys.length - told.length;
    return more > 0 ? [...told, problem(path, `has ${more} more keys that are unknown.`, at)] : told;
  }
  if (issue.code === "invalid_key")
    return issue.issues.map(inner => problem(path, `is not a name. It ${inner.message}.`, at));
  const value = valueAt(document, path);
  const is = value === undefined ? "is missing" : `is ${show(value)}`;
  return [problem(path, `${is}. It ${sentence(issue, allowedKeys(schema, path))}.`, at)];
}

function problem(path: Path, message: string, at: Positions): Problem & {line: number} {
  return {path: showPath(path), message, line: at.line(path)};
}

/** Messages of this project start with "takes"; those of zod are made to fit. `keys`: what the place takes where it
 *  takes any. */
function sentence({code, message}: z.core.$ZodIssue, keys: readonly string[]): string {
  if (message.startsWith("takes")) return message;
  if (code === "invalid_type" && keys.length > 0) return `takes these keys, each with its value: ${keys.join(", ")}`;
  if (code === "invalid_type" && message.includes("expected record")) return "takes names, each with its value";
  return `does not fit: ${message}`;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    document,
  );
}

/** Keys of the object that the path leads to, found by walking the schema. */
function allowedKeys(schema: z.ZodType, path: Path): string[] {
  let here: unknown = schema;
  for (const step of path) {
    const {def} = unwrapped(here);
    const own = def.shape && Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
    here = def.shape ? own : (def.element ?? def.valueType ?? def.options?.at(-1));
  }
  return Object.keys(unwrapped(here).def.shape ?? {});
}

interface Def {
  shape?: Record<string | number, unknown>;
  element?: unknown;
  valueType?: unknown;
  innerType?: unknown;
  in?: unknown;
  options?: unknown[];
}

function unwrapped(schema: unknown): {def: Def} {
  let here = schema as {def: Def};
  while (here?.def.innerType ?? here?.def.in) here = (here.def.innerType ?? here.def.in) as {def: Def};
  return here ?? {def: {}};
}
