import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {check, finds} from "./checker.ts";

/** Unique rows, one INSERT each, read back at the end: an acknowledged row that is gone was lost. */
export const sqlAppend: WorkloadPlugin = {
  name: "sql-append",
  summary: "Inserts unique rows, one committed statement each, and reads them all back at the end.",
  protocols: ["mysql"],
  options: {
    bytes: {type: "number", default: 64, unit: "bytes", low: 0, high: 60_000, doc: "Payload of a row."},
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
