import {readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {load} from "js-yaml";
import {z} from "zod";
import {durationMs} from "../../lib/durations.ts";
import {either, InputError, type Problem, show} from "../../lib/problems.ts";

/** Settings of the lab that are nothing but a peer's published values, each with its source. */
export interface Profile {
  /** Name of its file. */
  name: string;
  title: string;
  about: string;
  /** Faults that it has something to say about. */
  faults: string[];
  /** Quiet time before each run: until every check of the profile has had its successes in a row. */
  restMs: number;
  settings: Record<string, unknown>;
  sources: Source[];
  /** What the peer sets beside, and the components here have no argument for. */
  notExpressed: string[];
}

export interface Source {
  values: string;
  repo?: string;
  commit?: string;
  file?: string;
  url?: string;
}

/** The profile that the others are held against. */
export const ours = "holdfast";

const text = z.string().min(1);
const source = z.strictObject({
  values: text,
  repo: text.optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/, "takes 40 hexadecimal digits")
    .optional(),
  file: text.optional(),
  url: z.url().optional(),
});
const schema = z.strictObject({
  title: text,
  about: text,
  faults: z.array(text).min(1),
  rest: z
    .string()
    .refine(value => durationMs(value) !== undefined, "takes a duration with its unit, such as 25s")
    .default("0s"),
  settings: z.record(text, z.unknown()),
  sources: z.array(source).default([]),
  notExpressed: z.array(text).default([]),
});

/** Reads a profile from the text of its file. Errors: an unknown key, a fault that there is not, values without a
 *  source. */
export function readProfile(name: string, yaml: string, faults: readonly string[]): Profile {
  const parsed = schema.safeParse(load(yaml));
  if (!parsed.success)
    throw new InputError(
      `profile ${name}`,
      parsed.error.issues.map(({path, message}) => ({path: path.join("."), message})),
    );
  const {rest, ...profile} = parsed.data;
  const problems: Problem[] = [
    ...profile.faults
      .filter(fault => !faults.includes(fault))
      .map(fault => ({path: "faults", message: `has ${show(fault)}. It takes ${either(faults)}.`})),
    ...profile.sources
      .filter(({file, repo, url}) => !url && !(repo && file))
      .map(({values}) => ({
        path: "sources",
        message: `have no place for ${show(values)}: give repo and file, or url.`,
      })),
    ...(Object.keys(profile.settings).length > 0 && profile.sources.length === 0
      ? [{path: "sources", message: "are none, and there are settings. Say where each value comes from."}]
      : []),
  ];
  if (problems.length > 0) throw new InputError(`profile ${name}`, problems);
  return {name, ...profile, restMs: durationMs(rest)!};
}

/** Every profile of a folder, {@link ours} first. */
export function readProfiles(folder: string, faults: readonly string[]): Profile[] {
  const read = readdirSync(folder)
    .filter(file => file.endsWith(".yaml"))
    .map(file => readProfile(basename(file, ".yaml"), readFileSync(join(folder, file), "utf8"), faults));
  return read.sort((a, b) => Number(b.name === ours) - Number(a.name === ours) || a.name.localeCompare(b.name));
}
