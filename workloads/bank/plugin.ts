import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {isolationOption, lockingOption} from "../sql/options.ts";
import {check, finds} from "./checker.ts";

/** Transfers between accounts, whose total never changes. */
export const bank: WorkloadPlugin = {
  name: "bank",
  summary:
    "Moves money between accounts in transactions and looks at all of them now and then: the total may not drift, and every account ends with what its transfers left.",
  protocols: ["mysql"],
  options: {
    accounts: {type: "number", default: 10, unit: "count", low: 2, high: 1000, doc: "Number of accounts."},
    balance: {
      type: "number",
      default: 100,
      unit: "count",
      low: 0,
      high: 1_000_000,
      doc: "What each account holds at the beginning.",
    },
    readEvery: {
      type: "number",
      default: 5,
      unit: "count",
      low: 2,
      high: 1000,
      doc: "Every operation of this number looks at all accounts in one transaction; the others are transfers.",
    },
    overdraft: {type: "boolean", default: false, doc: "Whether an account may go below zero."},
    ...lockingOption(true),
    ...isolationOption("repeatable-read"),
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
