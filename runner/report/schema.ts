import {z} from "zod";
import type {Result} from "../../lib/result.ts";

const verdict = z.enum(["pass", "unknown", "fail"]);
const counts = z.record(z.string(), z.number());

const operation = z.object({
  client: z.number(),
  kind: z.string(),
  due: z.number(),
  sent: z.number(),
  done: z.number(),
  outcome: z.enum(["ok", "failed", "unknown"]),
  value: z.union([z.string(), z.number()]).optional(),
  data: z.unknown().optional(),
  error: z.string().optional(),
});

const workload = z.object({
  workload: z.string(),
  endpoint: z.string(),
  clients: z.number(),
  rate: z.number(),
  acknowledged: z.number(),
  failed: z.number(),
  unknown: z.number(),
  notSent: z.number().optional(),
  lost: z.number().optional(),
  duplicates: z.number().optional(),
  recovered: z.number().optional(),
  longestOutageMs: z.number(),
  outages: z.array(z.object({client: z.number(), from: z.number(), to: z.number(), ms: z.number(), errors: counts})),
  latencyMs: z.object({p50: z.number(), p99: z.number(), max: z.number()}),
  hitRate: z.number().optional(),
  errors: counts,
  findings: z.array(z.object({anomaly: z.string(), text: z.string(), operations: z.array(operation)})).optional(),
  notes: z.array(z.string()).optional(),
  bucketMs: z.number().positive(),
  series: z.array(
    z.object({
      at: z.number(),
      ok: z.number(),
      failed: z.number(),
      unknown: z.number(),
      p50: z.number().optional(),
      p99: z.number().optional(),
      max: z.number().optional(),
      hitRate: z.number().optional(),
    }),
  ),
});

const document = z.object({
  version: z.literal(1),
  scenario: z.string(),
  summary: z.string(),
  stack: z.string(),
  verdict,
  reasons: z.array(z.string()),
  seed: z.number(),
  command: z.string(),
  started: z.number(),
  ended: z.number(),
  phases: z.array(
    z.object({
      name: z.enum(["ready", "load", "fault", "heal", "settle", "read", "verdict", "converge"]),
      from: z.number(),
      to: z.number(),
    }),
  ),
  workloads: z.record(z.string(), workload),
  faults: z.array(
    z.object({
      fault: z.string(),
      asked: z.string(),
      members: z.array(z.string()),
      injected: z.number(),
      confirmed: z.number().optional(),
      healed: z.number().optional(),
      evidence: z.string().optional(),
    }),
  ),
  recoveredMs: z.number().optional(),
  converged: z.boolean().optional(),
  bounds: z.array(
    z.object({
      bound: z.string(),
      limit: z.number(),
      measured: z.number().optional(),
      unit: z.enum(["ms", "count", "ratio"]),
      verdict,
    }),
  ),
  known: z
    .array(
      z.object({
        workload: z.string(),
        anomaly: z.string(),
        because: z.string(),
        measured: z.number().optional(),
      }),
    )
    .optional(),
  budgets: z
    .array(
      z.object({
        workload: z.string(),
        fault: z.string(),
        ms: z.number(),
        terms: z.array(z.object({name: z.string(), ms: z.number()})),
        measured: z.number().optional(),
      }),
    )
    .optional(),
  settings: z.record(z.string(), z.string()).optional(),
  logs: z
    .array(
      z.object({
        fault: z.number(),
        member: z.string(),
        process: z.string(),
        lines: z.array(z.object({at: z.number().optional(), text: z.string()})),
        more: z.number().optional(),
      }),
    )
    .optional(),
  members: z.array(
    z.object({
      member: z.string(),
      component: z.string(),
      zone: z.string(),
      states: z.array(z.object({at: z.number(), state: z.string(), healthy: z.boolean()})),
    }),
  ),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** The form of a report.json. Fields that a newer Holdfast added stay in the document. */
export const resultSchema = z.looseObject(document.shape) satisfies z.ZodType<Result>;
