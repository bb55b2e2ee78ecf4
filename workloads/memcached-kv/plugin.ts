import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {check, finds} from "./checker.ts";

/** Get-or-set over a pool with client hashing: how far the hit rate falls when a member goes, and how fast clients
 *  leave it alone. */
export const memcachedKv: WorkloadPlugin = {
  name: "memcached-kv",
  summary:
    "Reads keys from a pool with consistent hashing and sets what it misses; a server that fails is ejected for a while.",
  protocols: ["memcached"],
  options: {
    keys: {type: "number", default: 500, unit: "count", low: 1, high: 100_000, doc: "Number of keys, read at random."},
    bytes: {type: "number", default: 100, unit: "bytes", low: 1, high: 100_000, doc: "Size of a value."},
    eject: {
      type: "number",
      default: 2000,
      unit: "ms",
      low: 0,
      high: 600_000,
      doc: "How long a server that failed gets no requests; its keys go to the others meanwhile.",
    },
    warm: {
      type: "boolean",
      default: true,
      doc: "Set every key before the load begins, so that the hit rate starts at 1.",
    },
    ...commonOptions,
  },
  timeoutMs: 250,
  readsBack: false,
  finds,
  check,
};
