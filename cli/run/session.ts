import {join} from "node:path";
import type {Result} from "../../lib/result.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {Journal} from "../../runner/journal.ts";
import {newSeed, Random} from "../../runner/random.ts";
import {reportFolders, writeReport} from "../../runner/report/report.ts";
import {runScenario} from "../../runner/run.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {note, paint} from "../output.ts";
import {converge} from "./converge.ts";
import type {StandingStack} from "./ensure.ts";
import {newRunId, typed} from "./folder.ts";
import {journals} from "./leftovers.ts";
import {targetOf} from "./target.ts";
import {RunWatch} from "./watch.ts";

/** How scenarios are run. */
export interface SessionOptions {
  folder: string;
  seed?: number;
  /** How often each is run. */
  repeat: number;
  converge: boolean;
  signal: AbortSignal;
  /** Called after each run, when its report is written. */
  ended(result: Result, page: string): void;
}

/** Runs the scenarios one after the other, each on its stack; those after an interrupt are left out. */
export async function runAll(
  scenarios: readonly Scenario[],
  stacks: ReadonlyMap<string, StandingStack>,
  options: SessionOptions,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let round = 0; round < options.repeat; round++) {
    for (const scenario of scenarios) {
      if (options.signal.aborted) return results;
      const result = await runOne(scenario, stacks.get(scenario.stack)!, round, options);
      results.push(result);
      const place = join(options.folder, reportFolders(results).at(-1)!);
      options.ended(result, writeReport(result, place));
    }
  }
  return results;
}

async function runOne(
  scenario: Scenario,
  stack: StandingStack,
  round: number,
  options: SessionOptions,
): Promise<Result> {
  const {topology, secrets, open} = stack;
  const chosen = options.seed ?? scenario.seed;
  const seed = chosen === undefined ? newSeed() : chosen + round;
  const run = newRunId();
  const journal = new Journal(journals, {
    run,
    scenario: scenario.name,
    stack: topology.stack,
    platform: topology.platform,
  });
  const watch = new RunWatch();
  note(`\n${paint("bold", scenario.name)}  ${scenario.summary}  ${paint("dim", `seed ${seed}`)}`);
  try {
    return await runScenario({
      scenario,
      topology,
      secrets,
      target: targetOf(topology, run),
      clientImage: recipeOf("client").tag,
      run,
      random: new Random(seed),
      journal,
      progress: watch,
      signal: options.signal,
      command: `./holdfast run ${typed(scenario.file)} --seed ${seed}`,
      ...(options.converge ? {converge: (signal: AbortSignal) => converge(open, signal)} : {}),
    });
  } finally {
    watch.end();
  }
}
