import type {StandingStack} from "../engine/ensure.ts";
import {asTyped} from "../engine/open.ts";
import {runAll} from "../engine/session.ts";
import type {Result} from "../lib/result.ts";
import {writeReport} from "../report/report.ts";
import type {Scenario} from "../runner/scenario/scenario.ts";
import {linesOf} from "./watch.ts";

/** Runs the scenario once on the stack as it stands, and writes its report into the folder. Undefined when it was
 *  interrupted before. */
export async function runReported(
  scenario: Scenario,
  stack: StandingStack,
  folder: string,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const results: Result[] = [];
  const groups = [{scenarios: [scenario], stand: async () => stack}];
  const named = asTyped(stack.open.reference);
  await runAll(groups, results, {stack: named, repeat: 1, converge: false, signal, watch: linesOf, ended: () => {}});
  if (results[0]) writeReport(results[0], folder);
  return results[0];
}
