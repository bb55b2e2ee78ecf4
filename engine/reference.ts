import {existsSync, readdirSync, readFileSync} from "node:fs";
import {basename, join} from "node:path";
import {load} from "js-yaml";
import {projectRoot} from "../lib/paths.ts";
import {either, InputError, show} from "../lib/problems.ts";

/** A stack as the command line names it: a folder below `stacks/`, and which of its instances. */
export interface StackReference {
  folder: string;
  /** Name of the Pulumi project in that folder. */
  project: string;
  /** Name of the Pulumi stack. */
  name: string;
  /** What the label `io.holdfast.stack` carries: `lab/lab`. */
  label: string;
}

/** What one types for the stack of that label. */
export const typedLabel = (label: string): string => label.replace("/", ":");

/** Reads `lab` or `lab:second`; the name is the folder's where none is given. Errors: there is no such folder, or the
 *  name is not one that Pulumi takes. */
export function stackReference(text: string, stacks = join(projectRoot, "stacks")): StackReference {
  const [first = "", ...others] = text.split(":");
  const folderName = basename(first.replace(/\/+$/, ""));
  const known = existsSync(stacks)
    ? readdirSync(stacks).filter(name => existsSync(join(stacks, name, "Pulumi.yaml")))
    : [];
  if (!known.includes(folderName)) {
    throw new InputError("STACK", [
      {
        path: "",
        message: `is ${show(text)}. It takes a folder below stacks/: ${either(known)}, with a name behind a colon where there are several (lab:second).`,
      },
    ]);
  }
  const name = others.length > 0 ? others.join(":") : folderName;
  if (!/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/.test(name)) {
    throw new InputError("STACK", [
      {
        path: "",
        message: `has the name ${show(name)}. It takes 1 to 22 lower-case letters, digits and hyphens, starting with a letter: lab:second.`,
      },
    ]);
  }
  const folder = join(stacks, folderName);
  const {name: project} = load(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as {name: string};
  return {folder, project, name, label: `${project}/${name}`};
}

/** Reads `key=value` pairs of `--config`. Errors: a pair without `=`. */
export function configPairs(pairs: readonly string[], project: string): Record<string, string> {
  const read: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1)
      throw new InputError("--config", [
        {path: "", message: `is ${show(pair)}. It takes key=value: --config subnet=198.18.68.0/22.`},
      ]);
    const key = pair.slice(0, at);
    read[key.includes(":") ? key : `${project}:${key}`] = pair.slice(at + 1);
  }
  return read;
}
