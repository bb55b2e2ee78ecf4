import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join, relative} from "node:path";
import {dump, load} from "js-yaml";
import {parseDocument} from "yaml";
import {projectRoot, projectState} from "../lib/paths.ts";
import {type Problem, refuse, show} from "../lib/problems.ts";
import {type SettingType, settingTakes} from "../lib/setting-type.ts";
import type {StackReference} from "./reference.ts";

/** Settings of a stack for one group of runs: plain values of Pulumi config, by their name without the project. */
export type Settings = Readonly<Record<string, unknown>>;

interface ConfigFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
  secretsprovider?: string;
}

/** What the program of the stack will read: the defaults of its project, what the user has set (unless `own` is false),
 *  and the settings above both. Values are text, as the program gets them. */
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

/** What is wrong with settings that stand above the user's own: those that the stack's project does not declare, and
 *  values that are not of their type. `at`: where they stand, such as `settings`. */
export function settingProblems(reference: StackReference, settings: Settings, at: string): Problem[] {
  const declared = declaredBy(reference);
  return Object.entries(settings).flatMap(([key, value]) => {
    const path = `${at}.${key}`;
    const type = declared.get(key);
    if (type) return typeProblem(path, type, value);
    const known = [...declared.keys()].join(", ");
    return [{path, message: `is not a setting of the stack ${reference.project}. It takes ${known}.`}];
  });
}

/** Refuses values of `--config` that are not of their type, as Pulumi would once they are kept. Lists and objects are
 *  JSON. Keys have their project: `lab:vip`. Keys that the project does not declare are left to its program. */
export function checkPairs(reference: StackReference, pairs: Readonly<Record<string, string>>): void {
  const declared = declaredBy(reference);
  refuse(
    "--config",
    Object.entries(pairs).flatMap(([key, text]) => {
      const type = declared.get(short(reference, key));
      if (!type) return [];
      return isStructured(type)
        ? typeProblem(key, type, parsed(text), text, " It is written as JSON.")
        : typeProblem(key, type, text);
    }),
  );
}

/** Pairs of `--config` by the name of the setting alone. */
export function withoutProject(reference: StackReference, pairs: Settings): Settings {
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [short(reference, key), value]));
}

/** Refuses what stands in the user's own file, by hand or from another version, and is not of its type: Pulumi would
 *  refuse every update for it. Keys in `above` have another value for this time. */
export function checkOwn(reference: StackReference, above: Settings = {}): void {
  const declared = declaredBy(reference);
  const file = ownFile(reference);
  const problems = Object.entries(read(file).config ?? {}).flatMap(([key, value]) => {
    const name = short(reference, key);
    const type = declared.get(name);
    if (!type || isSecret(value) || Object.hasOwn(above, name)) return [];
    return typeProblem(key, type, value, value, ` Mend it there, or take the line out.`);
  });
  refuse(relative(projectRoot, file), problems);
}

/** A configuration file with the settings above what the user has set, for `--config-file`; the user's own file stays
 *  as it is. */
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

/** Sets lists and objects, given as JSON, in the user's own file, whose comments stay. Returns the other pairs, which
 *  Pulumi sets itself: it would take these for text. Keys have their project: `lab:vip`. The pairs have passed {@link
 *  checkPairs}. */
export function setStructured(
  reference: StackReference,
  pairs: Readonly<Record<string, string>>,
): Record<string, string> {
  const declared = declaredBy(reference);
  const structured = Object.entries(pairs).filter(([key]) => isStructured(declared.get(short(reference, key)) ?? {}));
  if (structured.length > 0) {
    const file = ownFile(reference);
    const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "");
    for (const [key, text] of structured) document.setIn(["config", key], document.createNode(parsed(text)));
    writeFileSync(file, document.toString());
  }
  return Object.fromEntries(Object.entries(pairs).filter(([key]) => !structured.some(([own]) => own === key)));
}

/** Does something with the user's own file; when that fails, the file is as it was, unless by then it is in use. */
export async function withOwnFile<T>(
  reference: StackReference,
  work: () => Promise<T>,
  inUse = () => false,
): Promise<T> {
  const file = ownFile(reference);
  const before = existsSync(file) ? readFileSync(file) : undefined;
  try {
    return await work();
  } catch (error) {
    if (inUse()) throw error;
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

/** Of a list or an object alone: to Pulumi `3.0` is not `3`. */
function canonical(text: string | undefined): string | undefined {
  const value = text === undefined ? undefined : parsed(text);
  return typeof value === "object" && value !== null ? JSON.stringify(sorted(value)) : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Types of the settings that the project declares, by their name without the project. */
function declaredBy(reference: StackReference): Map<string, SettingType> {
  const {config = {}} = read(join(reference.folder, "Pulumi.yaml"));
  return new Map(Object.entries(config).map(([key, about]) => [short(reference, key), (about ?? {}) as SettingType]));
}

const isStructured = ({type}: SettingType): boolean => type === "object" || type === "array";

/** `written`: the value as it was given; `more`: what else to say. */
function typeProblem(path: string, type: SettingType, value: unknown, written = value, more = ""): Problem[] {
  const takes = settingTakes(type, value);
  return takes ? [{path, message: `is ${show(written)}. It takes ${takes}.${more}`}] : [];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
