import {randomBytes} from "node:crypto";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note, paintNote} from "../lib/output.ts";
import {newSeed, Random} from "../lib/random.ts";
import type {Result} from "../lib/result.ts";
import {recipeOf} from "../platforms/docker/images.ts";
import {Journal, readJournals} from "../runner/journal.ts";
import type {Progress} from "../runner/phases/progress.ts";
import {runScenario} from "../runner/run.ts";
import type {Scenario} from "../runner/scenario/scenario.ts";
import {changerOf} from "./change.ts";
import {converge} from "./converge.ts";
import type {StandingStack} from "./ensure.ts";
import {journals} from "./leftovers.ts";
import {typedLabel} from "./reference.ts";
import {type RepeatOptions, repeatCommand} from "./repeat.ts";
import {targetOf} from "./target.ts";

/** What is told how one run goes, until it has ended. */
export interface Watch extends Progress {
  end(): void;
}

/** How scenarios are run. */
export interface SessionOptions extends RepeatOptions {
  seed?: number;
  /** How often each is run. */
  repeat: number;
  signal: AbortSignal;
  /** Who is told how a run of that scenario goes. */
  watch(scenario: string): Watch;
  /** Called after each run, when its result is there. */
  ended(): void;
}

/** Scenarios that share a stack with the same settings. */
export interface Group {
  scenarios: readonly Scenario[];
  /** The stack as they need it, made or changed where it is not. */
  stand(): Promise<StandingStack>;
}

/** Puts the scenarios into groups, in the order in which each kind first appears: a change of settings takes time. */
export function groupsOf(scenarios: readonly Scenario[], stand: (first: Scenario, all: Scenario[]) => Group["stand"]) {
  const byNeeds = Map.groupBy(scenarios, s => JSON.stringify([s.stack, s.settings]));
  return [...byNeeds.values()].map((own): Group => ({scenarios: own, stand: stand(own[0]!, own)}));
}

/** Runs the scenarios one after the other, each on its stack; those after an interrupt are left out. `results` is
 *  filled as they end, so that what there is can be told even when a stack cannot be made for the rest. */
export async function runAll(groups: readonly Group[], results: Result[], options: SessionOptions): Promise<void> {
  for (const {scenarios, stand} of groups) {
    if (options.signal.aborted) return;
    const stack = await stand();
    for (let round = 0; round < options.repeat; round++) {
      for (const scenario of scenarios) {
        if (options.signal.aborted) return;
        results.push(await runOne(scenario, stack, round, options));
        options.ended();
        refuseOpenFaults(stack.topology.stack);
      }
    }
  }
}

/** What one run could not heal would be a part of the next. */
function refuseOpenFaults(label: string): void {
  const left = readJournals(journals).filter(({own, stack, open}) => own && stack === label && open.length > 0);
  if (left.length === 0) return;
  const what = left.flatMap(({open}) => open.map(({fault, member}) => `${fault} of ${member.name}`)).join(", ");
  throw new CliError(
    `${what} could not be healed, so no other scenario is run on ${label}. Once this command has ended: ./holdfast heal ${typedLabel(label)}`,
    exitCodes.unknown,
  );
}

/** The seed of a run: that of the command line, else the scenario's own, one more each time that it is repeated.
 *  Undefined: a new one. */
export function seedOf(scenario: Scenario, round: number, given?: number): number | undefined {
  const chosen = given ?? scenario.seed;
  return chosen === undefined ? undefined : chosen + round;
}

async function runOne(
  scenario: Scenario,
  stack: StandingStack,
  round: number,
  options: SessionOptions,
): Promise<Result> {
  const {topology, secrets} = stack;
  const seed = seedOf(scenario, round, options.seed) ?? newSeed();
  const run = newRunId();
  const journal = new Journal(journals, {
    run,
    scenario: scenario.name,
    stack: topology.stack,
    platform: topology.platform,
  });
  note(`\n${paintNote("strong", scenario.name)}  ${scenario.summary}  ${paintNote("faint", `seed ${seed}`)}`);
  const watch = options.watch(scenario.name);
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
      stack: changerOf(stack),
      command: repeatCommand(scenario, seed, options),
      ...(options.converge ? {converge: (signal: AbortSignal) => converge(stack, signal)} : {}),
    });
  } finally {
    watch.end();
  }
}

/** Unique for a run: names tables, queues and containers. */
const newRunId = (): string => `r${Date.now().toString(36)}${randomBytes(2).toString("hex")}`;
