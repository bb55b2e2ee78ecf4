import {apart} from "../../lib/apart.ts";
import {equation} from "../../lib/budget/terms.ts";
import {showMs} from "../../lib/durations.ts";
import type {Problem} from "../../lib/problems.ts";
import type {Topology} from "../../lib/topology.ts";
import {budgetsOf, type PlannedBudget} from "../budget/scenario.ts";
import type {Scenario} from "./scenario.ts";

/** Outage bounds against what the configuration of the stack allows: a bound below that may be broken without any
 *  defect, so the run would prove nothing, and `budget` needs one that can be computed. */
export function checkOutageBounds(scenario: Scenario, topology: Topology): Problem[] {
  const planned = budgetsOf(scenario, topology);
  return Object.entries(scenario.bounds.outage).flatMap(([workload, limit]) => {
    const own = planned.filter(p => p.workload === workload);
    const path = `verdict.outage.${workload}`;
    return limit === "budget" ? checkWord(path, workload, own) : checkTime(path, limit, own);
  });
}

/** The largest budget of the workload: what the word \`budget\` stands for. */
export function largestBudget(
  budgets: readonly {workload: string; ms: number}[],
  workload: string,
): number | undefined {
  const own = budgets.filter(b => b.workload === workload).map(b => b.ms);
  return own.length > 0 ? Math.max(...own) : undefined;
}

function checkWord(path: string, workload: string, own: readonly PlannedBudget[]): Problem[] {
  if (own.length === 0) {
    return [{path, message: `is "budget", and no fault that has one is on the way of ${workload}. Write a time.`}];
  }
  return own.flatMap(({asked, because}) =>
    because ? [{path, message: `is "budget", and \`${asked}\` has none: ${because} Otherwise write a time.`}] : [],
  );
}

function checkTime(path: string, limit: number, own: readonly PlannedBudget[]): Problem[] {
  const sums = own.flatMap(({asked, budget}) => [
    ...(budget ? [{asked: `\`${asked}\``, ...budget}] : []),
    ...(budget?.back ? [{asked: `the return after \`${asked}\``, ...budget.back}] : []),
  ]);
  return sums
    .filter(({ms}) => ms > limit)
    .map(({asked, ms, terms}) => {
      const [is, may] = apart(limit, ms, showMs);
      return {
        path,
        message: `is ${is}, below the budget: ${asked} may take ${may} as the stack is configured (${equation(terms)}). Write \`budget\`, or a time that is not shorter.`,
      };
    });
}
