import {readFileSync} from "node:fs";
import {glob, stat} from "node:fs/promises";
import {relative} from "node:path";
import {InputError} from "../../lib/problems.ts";
import {readScenario} from "./read.ts";
import type {Scenario} from "./scenario.ts";

/** Reads every scenario of the given files and folders (with all below them), in the order of their paths. Throws one
 *  error that has the problems of all files. */
export async function findScenarios(paths: readonly string[], cwd = process.cwd()): Promise<Scenario[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const scenarios: Scenario[] = [];
  const refused: InputError[] = [];
  for (const file of new Set(files)) {
    try {
      scenarios.push(readScenario(shown(file, cwd), readFileSync(file, "utf8")));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push(error);
    }
  }
  if (refused.length > 0) throw allRefused(refused);
  return scenarios;
}

function shown(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") ? file : path || file;
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() && !found?.isDirectory())
    throw new InputError("run", [
      {
        path,
        message:
          "is neither a file nor a folder. It takes scenario files (.yaml) or folders of them; `./holdfast list` shows those that come with Holdfast.",
      },
    ]);
  if (found.isFile()) return [path];
  const files: string[] = [];
  for await (const file of glob(`${path}/**/*.yaml`)) files.push(file);
  files.sort();
  if (files.length === 0)
    throw new InputError("run", [{path, message: "has no scenario in it. It takes a folder with .yaml files."}]);
  return files;
}

/** One error that has the problems of all. */
export function allRefused(errors: readonly InputError[]): InputError {
  if (errors.length === 1) return errors[0]!;
  const error = new InputError(
    "scenarios",
    errors.flatMap(e => e.problems),
  );
  error.message = errors.map(e => e.message).join("\n");
  return error;
}
