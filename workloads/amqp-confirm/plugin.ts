import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {check, finds} from "./checker.ts";

/** Persistent messages with publisher confirms, drained at the end: a confirmed message that never came was lost. */
export const amqpConfirm: WorkloadPlugin = {
  name: "amqp-confirm",
  summary:
    "Publishes persistent messages with publisher confirms to one queue and drains it at the end; duplicates are counted apart.",
  protocols: ["amqp"],
  options: {
    queue: {
      type: "string",
      default: "mirrored",
      allowed: ["mirrored", "quorum", "classic"],
      doc: "Kind of queue. Mirrored and classic are both declared as durable classic queues: a policy of the cluster on the prefix makes the first mirrored.",
    },
    prefix: {
      type: "string",
      default: "hf.",
      pattern: /^[A-Za-z0-9._-]{0,40}$/,
      doc: "Start of the queue's name, which the run and the load's name follow.",
    },
    bytes: {type: "number", default: 64, unit: "bytes", low: 0, high: 100_000, doc: "Payload of a message."},
    window: {
      type: "number",
      default: 64,
      unit: "count",
      low: 1,
      high: 10_000,
      doc: "Messages of one client that may wait for their confirm at once.",
    },
    consume: {
      type: "boolean",
      default: false,
      doc: "Consume during the load too, on a connection of its own; what it got counts as delivered.",
    },
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: true,
  finds,
  check,
};
