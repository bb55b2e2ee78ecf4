import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {isolationOption, lockingOption} from "../sql/options.ts";
import {check, finds} from "./checker.ts";

/** Contention on few rows, as OpenStack's services have it: how many transactions end in a deadlock, and that none is
 *  lost. */
export const forUpdate: WorkloadPlugin = {
  name: "for-update",
  summary:
    "Counts up with SELECT ... FOR UPDATE and UPDATE on few rows: counts deadlock errors and proves that no acknowledged update is lost.",
  protocols: ["mysql"],
  options: {
    counters: {
      type: "number",
      default: 4,
      unit: "count",
      low: 1,
      high: 1000,
      doc: "Number of rows that are counted up; fewer mean more contention.",
    },
    ...lockingOption(true),
    ...isolationOption("repeatable-read"),
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
