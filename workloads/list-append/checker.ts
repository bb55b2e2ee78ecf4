import type {Check} from "../../lib/analysis/check.ts";
import {errorNotes} from "../../lib/analysis/errors.ts";
import {checkLists, listClasses} from "../../lib/analysis/lists/check.ts";
import {listKind} from "../../lib/analysis/lists/transactions.ts";
import type {History} from "../../lib/history.ts";

export const finds = ["lost", ...listClasses];

/** Cycles among transactions. Write skew (G2) is wrong at `serializable` alone: snapshots allow it. */
export function check(history: History): Check {
  const allowed = history.options?.isolation === "serializable" ? [] : ["G2"];
  const result = checkLists(history, allowed);
  return {...result, notes: [...errorNotes(history, listKind), ...(result.notes ?? [])]};
}
