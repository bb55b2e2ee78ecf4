import {basename, join} from "node:path";
import {projectRoot} from "../../lib/paths.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";

/** The scenario of each fault, by its name. */
export async function readFaults(): Promise<Record<string, Scenario>> {
  const scenarios = await findScenarios([join(projectRoot, "bench", "failover", "faults")]);
  return Object.fromEntries(scenarios.map(scenario => [basename(scenario.file, ".yaml"), scenario]));
}
