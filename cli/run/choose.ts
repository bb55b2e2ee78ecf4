import {projectRoot} from "../../lib/paths.ts";
import {InputError} from "../../lib/problems.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";

/** What is run, and on what. */
export interface Choice {
  /** Every scenario that comes with Holdfast and is for the stack. */
  all?: boolean;
  stack?: string;
  /** Longest time for each run, milliseconds. */
  limit?: number;
}

/** The scenarios that the command line asks for, with what it says instead of them. Errors (64): neither paths nor
 *  `--all`, or both. */
export async function chooseScenarios(paths: readonly string[], {all, stack, limit}: Choice): Promise<Scenario[]> {
  if (Boolean(all) === paths.length > 0)
    throw new InputError("run", [
      {
        path: "SCENARIO",
        message: all
          ? "is given together with --all. It takes paths, or --all for every scenario that comes with Holdfast."
          : "is missing. It takes scenario files or folders of them, or --all for every one that comes with Holdfast.",
      },
    ]);
  const found = await findScenarios(all ? [`${projectRoot}/scenarios`] : paths);
  const mine = all && stack ? found.filter(s => s.stack === stack.split(":")[0]) : found;
  if (mine.length === 0)
    throw new InputError("run", [
      {path: "--stack", message: `is ${JSON.stringify(stack)}, and no scenario under scenarios/ is for that stack.`},
    ]);
  return mine.map(s => ({...s, ...(stack ? {stack} : {}), ...(limit === undefined ? {} : {limitMs: limit})}));
}
