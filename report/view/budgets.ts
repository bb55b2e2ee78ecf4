import {apart} from "../../lib/apart.ts";
import {showMs} from "../../lib/durations.ts";
import {type BudgetResult, outageVerdict, type Verdict} from "../../lib/result.ts";

/** The longest outage that the configuration allows, beside what was measured. */
export interface BudgetView {
  workload: string;
  fault: string;
  budget: string;
  measured: string;
  /** After the fault was healed; absent where it was not. */
  afterHeal?: string;
  verdict: Verdict;
  /** Each with its width in percent of the bar. */
  terms: {name: string; length: string; width: number}[];
  /** Where the measured outage is, percent of the bar; absent when none was measured. */
  mark?: number;
}

/** Every budget of a run. The bar of each has its own scale. */
export function budgetsOf(budgets: readonly BudgetResult[] = []): BudgetView[] {
  return budgets.map(budget => {
    const {workload, fault, ms, terms, measured, afterHeal} = budget;
    const [shown, allowed] = measured === undefined ? ["not measured", showMs(ms)] : apart(measured, ms, showMs);
    const scale = Math.max(ms, (measured ?? 0) * 1.02, 1) * 1.06;
    return {
      workload,
      fault,
      budget: allowed,
      measured: shown,
      ...(afterHeal === undefined ? {} : {afterHeal: showMs(afterHeal)}),
      verdict: outageVerdict(budget, ms),
      terms: terms.map(term => ({name: term.name, length: showMs(term.ms), width: (term.ms / scale) * 100})),
      ...(measured === undefined ? {} : {mark: (measured / scale) * 100}),
    };
  });
}
