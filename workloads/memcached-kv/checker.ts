import type {Check} from "../../lib/analysis/check.ts";
import {hitRateOf} from "../../lib/analysis/hits.ts";
import type {History} from "../../lib/history.ts";

export const finds = ["wrong-value"];

/** A cache may forget, so nothing is lost here; but what it returns must be what was set. */
export function check(history: History): Check {
  const wrong = history.operations.filter(o => o.error === "wrong-value");
  const text = `${wrong.length} reads returned the value of another key.`;
  const findings = wrong.length > 0 ? [{anomaly: "wrong-value", text, operations: wrong.slice(0, 1)}] : [];
  const hitRate = hitRateOf(history.operations);
  return hitRate === undefined ? {findings} : {hitRate, findings};
}
