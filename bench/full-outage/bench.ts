import {join} from "node:path";
import {ensureUp} from "../../engine/ensure.ts";
import {undoLeftovers} from "../../engine/leftovers.ts";
import type {StackReference} from "../../engine/reference.ts";
import {targetOf} from "../../engine/target.ts";
import {note} from "../../lib/output.ts";
import {checkScenario} from "../../runner/scenario/check.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {runReported} from "../reported.ts";
import type {WorkFolder} from "../work.ts";
import {outageOf} from "./figures.ts";
import type {OutageRun} from "./results.ts";

export interface FullOutageOptions {
  reference: StackReference;
  scenario: Scenario;
  repeats: number;
  work: WorkFolder;
  signal: AbortSignal;
}

/** Runs the scenario with the seeds from 1 on, those that are not there yet. */
export async function benchFullOutage(options: FullOutageOptions): Promise<OutageRun[]> {
  const {repeats, work, signal} = options;
  for (let seed = 1; seed <= repeats && !signal.aborted; seed++) {
    if (work.read(nameOf(seed))) continue;
    note(`\nbench: loss of power ${seed} of ${repeats}`);
    const run = await once(seed, options);
    if (signal.aborted) break;
    work.write(nameOf(seed), run);
    note(`bench: ${run.verdict}, ${JSON.stringify(run.servedAgainMs)} ${run.reasons.join(" ")}`);
  }
  return work.all<OutageRun>("seed.");
}

const nameOf = (seed: number) => `seed.${seed}`;

async function once(seed: number, {reference, scenario: given, work, signal}: FullOutageOptions): Promise<OutageRun> {
  const about = {seed, began: new Date().toISOString()};
  const scenario = {...given, seed};
  try {
    const stack = await ensureUp(reference, topology => checkScenario(scenario, topology), scenario.settings);
    work.write("machine", {machine: await targetOf(stack.topology).machine()});
    const result = await runReported(scenario, stack, join(work.folder, String(seed)), signal);
    if (!result) throw new Error("The run was interrupted.");
    return {...about, ...outageOf(result)};
  } catch (error) {
    await undoLeftovers(reference.label);
    const reasons = [error instanceof Error ? error.message : String(error)];
    return {...about, verdict: "error", reasons, servedAgainMs: {}, acknowledged: 0, lost: 0};
  }
}
