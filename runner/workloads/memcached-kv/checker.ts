import type {Check} from "../../../lib/analysis/check.ts";
import {hitRateOf} from "../../../lib/analysis/hits.ts";
import type {History} from "../../../lib/history.ts";

/** A cache may forget, so nothing is lost here; but what it returns must be what was set. */
export function check(history: History): Check {
  const wrong = history.operations.filter(o => o.error === "wrong-value").length;
  const findings = wrong > 0 ? [`${wrong} reads returned the value of another key.`] : [];
  const hitRate = hitRateOf(history.operations);
  return hitRate === undefined ? {findings} : {hitRate, findings};
}
