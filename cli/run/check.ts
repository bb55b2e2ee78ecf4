import {type StackReference, stackReference} from "../../engine/reference.ts";
import {settingProblems} from "../../engine/settings.ts";
import {InputError, type Problem} from "../../lib/problems.ts";
import {checkWorkloads} from "../../runner/scenario/check.ts";
import {ScenarioError} from "../../runner/scenario/error.ts";
import {allRefused} from "../../runner/scenario/find.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {settingsIn} from "../../runner/scenario/settings.ts";

/** Refuses what is wrong with scenarios before anything is done for them, with the problems of all files at once: what
 *  `list` shows, `run` does not refuse. Returns their stacks by name. `stacks`: the folder that has them. */
export function checkScenarios(scenarios: readonly Scenario[], stacks?: string): Map<string, StackReference> {
  const references = new Map<string, StackReference>();
  const refused: InputError[] = [];
  for (const scenario of scenarios) {
    const checks = [
      () => checkWorkloads(scenario),
      () => void references.set(scenario.stack, referenceOf(scenario, stacks)),
      () => checkSettings(scenario, references.get(scenario.stack)),
    ];
    for (const check of checks) {
      try {
        check();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused.push(error);
      }
    }
  }
  if (refused.length > 0) throw allRefused(refused);
  return references;
}

/** Errors: there is no stack of that name, with the line that names it. */
function referenceOf(scenario: Scenario, stacks?: string): StackReference {
  try {
    return stackReference(scenario.stack, stacks);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw refusal(
      scenario,
      error.problems.map(({message}) => ({path: "stack", message})),
    );
  }
}

function checkSettings(scenario: Scenario, reference: StackReference | undefined): void {
  if (!reference) return;
  const problems = settingsIn(scenario).flatMap(({path, settings}) => settingProblems(reference, settings, path));
  if (problems.length > 0) throw refusal(scenario, problems);
}

function refusal({file, line}: Scenario, problems: Problem[]): ScenarioError {
  return new ScenarioError(
    file,
    problems.map(problem => ({...problem, line: line(problem.path)})),
  );
}
