import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {isolationOption, lockingOption} from "../sql/options.ts";
import {check, finds} from "./checker.ts";

/** Transactions over lists: what depended on what is known afterwards, and a circle in it is an anomaly. */
export const listAppend: WorkloadPlugin = {
  name: "list-append",
  summary:
    "Reads and appends to lists in transactions of 1 to 4 steps; searches the history for aborted and intermediate reads, cycles and lost updates.",
  protocols: ["mysql"],
  options: {
    keys: {type: "number", default: 10, unit: "count", low: 1, high: 1000, doc: "Lists in use at a time."},
    appends: {
      type: "number",
      default: 64,
      unit: "count",
      low: 4,
      high: 1000,
      doc: "Appends after which a list is left alone and a new one begun, so that reads stay short.",
    },
    ...isolationOption("serializable"),
    ...lockingOption(false),
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
