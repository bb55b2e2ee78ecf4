import type {Check} from "../../lib/analysis/check.ts";
import {checkSet} from "../../lib/analysis/lost.ts";
import type {History} from "../../lib/history.ts";

export const finds = ["lost", "duplicates", "stranger", "repeated-statement", "aborted-write"];

/** Every acknowledged row must be there, and none whose insert failed. Its key is unique, so that a statement which ran
 *  twice without being asked to shows as error 1062, which is a finding. */
export function check(history: History): Check {
  const result = checkSet(history, "append");
  const twice = history.operations.filter(o => o.error === "1062");
  if (twice.length > 0) {
    const text = `${twice.length} rows were already there when they were inserted: something repeats statements.`;
    result.findings.push({anomaly: "repeated-statement", text, operations: twice.slice(0, 1)});
  }
  const there = new Set(history.finalRead?.map(String));
  const aborted = history.operations.filter(
    o => o.outcome === "failed" && o.error !== "1062" && there.has(String(o.value)),
  );
  if (aborted.length > 0) {
    const text = `${aborted.length} rows are there whose insert had failed, the first with ${aborted[0]!.error ?? "no class"}.`;
    result.findings.push({anomaly: "aborted-write", text, operations: aborted.slice(0, 1)});
  }
  return result;
}
