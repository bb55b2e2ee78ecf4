import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {dump, load} from "js-yaml";
import {parseDocument} from "yaml";
import {projectState} from "../../lib/paths.ts";
import {InputError, show} from "../../lib/problems.ts";
import type {StackReference} from "./reference.ts";

/** Settings of a stack for one group of runs: plain values of Pulumi config, by their name without the project. */
export type Settings = Readonly<Record<string, unknown>>;

interface ConfigFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
  secretsprovider?: string;
}

/** What the program of the stack will read: the defaults of its project, what the user has set (unless `own` is false), and the settings above both.
 *  Values are text, as the program gets them. */
export function effective(reference: StackReference, settings: Settings = {}, own = true): Record<string, string> {
  const {config: declared = {}} = read(join(reference.folder, "Pulumi.yaml"));
  const defaults = Object.entries(declared).flatMap(([key, about]) => {
    const {default: value} = (about ?? {}) as {default?: unknown};
    return value === undefined ? [] : [[short(reference, key), textOf(value)] as const];
  });
  const file = own ? read(ownFile(reference)) : {};
  const set = Object.entries(file.config ?? {}).filter(([, value]) => !isSecret(value));
  return {
    ...Object.fromEntries(defaults),
    ...Object.fromEntries(set.map(([key, value]) => [short(reference, key), textOf(value)])),
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, textOf(value)])),
  };
}

/** Refuses a setting that the stack's project does not declare. `who` is what the message begins with. */
export function checkSettings(who: string, reference: StackReference, settings: Settings): void {
  const {config = {}} = read(join(reference.folder, "Pulumi.yaml"));
  const known = Object.keys(config).map(key => short(reference, key));
  const problems = Object.keys(settings)
    .filter(key => !known.includes(key))
    .map(key => ({
      path: `settings.${key}`,
      message: `is not a setting of the stack ${reference.project}. It takes ${known.join(", ")}.`,
    }));
  if (problems.length > 0) throw new InputError(who, problems);
}

/** A configuration file with the settings above what the user has set, for `--config-file`; the user's own file stays as it is. */
export function configFileWith(
  reference: StackReference,
  settings: Settings,
  folder = projectState("settings"),
): string | undefined {
  if (Object.keys(settings).length === 0) return undefined;
  const own = read(ownFile(reference));
  const config = {
    ...own.config,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${reference.project}:${key}`, value])),
  };
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const file = join(folder, `${reference.project}-${reference.name}.yaml`);
  writeFileSync(file, dump({...own, config}), {mode: 0o600});
  return file;
}

/** Sets lists and objects, given as JSON, in the user's own file, whose comments stay. Returns the other pairs, which Pulumi sets itself: it would take these for
 *  text. Keys have their project: `lab:vip`. Errors: what should be a list or an object is no JSON of that kind. */
export function setStructured(
  reference: StackReference,
  pairs: Readonly<Record<string, string>>,
): Record<string, string> {
  const {config = {}} = read(join(reference.folder, "Pulumi.yaml"));
  const typeOf = (key: string) => (config[key] as {type?: string} | undefined)?.type;
  const structured = Object.entries(pairs).filter(([key]) => ["object", "array"].includes(typeOf(key) ?? ""));
  const problems = structured
    .filter(([key, text]) => kindOf(parsed(text)) !== typeOf(key))
    .map(([key, text]) => ({
      path: key,
      message: `is ${show(text)}. It takes an ${typeOf(key)} as JSON, such as ${typeOf(key) === "array" ? `'["a", "b"]'` : `'{"memory": 128}'`}.`,
    }));
  if (problems.length > 0) throw new InputError("--config", problems);
  if (structured.length > 0) {
    const file = ownFile(reference);
    const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "");
    for (const [key, text] of structured) document.setIn(["config", key], document.createNode(parsed(text)));
    writeFileSync(file, document.toString());
  }
  return Object.fromEntries(Object.entries(pairs).filter(([key]) => !structured.some(([own]) => own === key)));
}

/** Does something with the user's own file; when that fails, the file is as it was. */
export async function withOwnFile<T>(reference: StackReference, work: () => Promise<T>): Promise<T> {
  const file = ownFile(reference);
  const before = existsSync(file) ? readFileSync(file) : undefined;
  try {
    return await work();
  } catch (error) {
    if (before) writeFileSync(file, before);
    else rmSync(file, {force: true});
    throw error;
  }
}

/** Whether the program would read the same; a list or an object is the same whatever the space in its text. */
export function sameSettings(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(key => canonical(a[key]) === canonical(b[key]));
}

function ownFile(reference: StackReference): string {
  return join(reference.folder, `Pulumi.${reference.name}.yaml`);
}

function read(file: string): ConfigFile {
  return existsSync(file) ? ((load(readFileSync(file, "utf8")) ?? {}) as ConfigFile) : {};
}

const short = (reference: StackReference, key: string): string =>
  key.startsWith(`${reference.project}:`) ? key.slice(reference.project.length + 1) : key;

const isSecret = (value: unknown): boolean => typeof value === "object" && value !== null && "secure" in value;

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function canonical(text: string | undefined): string | undefined {
  const value = text === undefined ? undefined : parsed(text);
  return value === undefined ? text : JSON.stringify(sorted(value));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const kindOf = (value: unknown): string | undefined =>
  Array.isArray(value) ? "array" : typeof value === "object" && value !== null ? "object" : undefined;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
