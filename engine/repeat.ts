import {typedPath} from "../lib/paths.ts";
import type {Scenario} from "../runner/scenario/scenario.ts";

/** What of the command line changes what a run does. */
export interface RepeatOptions {
  /** Absent: the stack that the scenario names. */
  stack?: string;
  limit?: number;
  converge: boolean;
}

/** The command that repeats one run, with the same random choices. */
export function repeatCommand(scenario: Pick<Scenario, "file">, seed: number, options: RepeatOptions): string {
  return [
    "./holdfast run",
    quoted(typedPath(scenario.file)),
    ...(options.stack ? [`--stack ${options.stack}`] : []),
    `--seed ${seed}`,
    ...(options.limit === undefined ? [] : [`--limit ${duration(options.limit)}`]),
    ...(options.converge ? [] : ["--no-converge"]),
  ].join(" ");
}

/** For a POSIX shell, where it needs it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** In the largest unit that it is whole in. */
function duration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
