import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {check, finds} from "./checker.ts";

/** What a session may rely on: its own writes, and that time does not run backwards. */
export const register: WorkloadPlugin = {
  name: "register",
  summary:
    "Each client sets a register of its own to ever higher numbers and reads registers: a session must see its own writes, and never an older state than before.",
  protocols: ["mysql"],
  options: {
    sync: {
      type: "boolean",
      default: false,
      doc: "Ask Galera to catch up before every statement (wsrep_sync_wait). Then what another client had been acknowledged must be seen too.",
    },
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
