import {z} from "zod";
import type {Standstill} from "../lib/analysis/standstills.ts";
import type {Operation} from "../lib/history.ts";
import type {
  BoundResult,
  BudgetResult,
  BudgetTerm,
  FaultResult,
  Finding,
  KnownResult,
  MemberLog,
  Result,
  WorkloadResult,
} from "../lib/result.ts";

/** Every field of the type, by its name: one that is missing here does not compile. */
type Fields<T> = {[Key in keyof T]-?: z.ZodType<T[Key] | undefined>};

const verdict = z.enum(["pass", "unknown", "fail"]);
const counts = z.record(z.string(), z.number());

const operation = z.looseObject({
  client: z.number(),
  kind: z.string(),
  due: z.number(),
  sent: z.number(),
  done: z.number(),
  outcome: z.enum(["ok", "failed", "unknown"]),
  value: z.union([z.string(), z.number()]).optional(),
  data: z.unknown().optional(),
  error: z.string().optional(),
} satisfies Fields<Operation>);

const finding = z.looseObject({
  anomaly: z.string(),
  text: z.string(),
  operations: z.array(operation),
} satisfies Fields<Finding>);

const workload = z.looseObject({
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
  outOfOrder: z.number().optional(),
  recovered: z.number().optional(),
  longestOutageMs: z.number(),
  outages: z.array(
    z.looseObject({client: z.number(), from: z.number(), to: z.number(), ms: z.number(), errors: counts}),
  ),
  latencyMs: z.looseObject({p50: z.number(), p99: z.number(), max: z.number()}),
  client: z.looseObject({cpuShare: z.number(), longestStallMs: z.number(), lateMs: z.number()}).optional(),
  routes: z
    .record(z.string(), z.looseObject({ok: z.number(), failed: z.number(), unknown: z.number(), errors: counts}))
    .optional(),
  servers: counts.optional(),
  hitRate: z.number().optional(),
  errors: counts,
  findings: z.array(finding).optional(),
  notes: z.array(z.string()).optional(),
  bucketMs: z.number().positive(),
  series: z.array(
    z.looseObject({
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
} satisfies Fields<WorkloadResult>);

const fault = z.looseObject({
  fault: z.string(),
  asked: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  members: z.array(z.string()),
  injected: z.number(),
  confirmed: z.number().optional(),
  healing: z.number().optional(),
  healed: z.number().optional(),
  forMs: z.number().optional(),
  lastedMs: z.number().optional(),
  spreadMs: z.number().optional(),
  evidence: z.string().optional(),
} satisfies Fields<FaultResult>);

const bound = z.looseObject({
  bound: z.string(),
  limit: z.number(),
  measured: z.number().optional(),
  apart: z.number().optional(),
  unit: z.enum(["ms", "count", "ratio"]),
  verdict,
} satisfies Fields<BoundResult>);

const known = z.looseObject({
  workload: z.string(),
  anomaly: z.string(),
  because: z.string(),
  measured: z.number().optional(),
} satisfies Fields<KnownResult>);

const term = z.looseObject({
  name: z.string(),
  ms: z.number(),
  upTo: z.boolean().optional(),
} satisfies Fields<BudgetTerm>);

const budget = z.looseObject({
  workload: z.string(),
  fault: z.string(),
  ms: z.number(),
  terms: z.array(term),
  measured: z.number().optional(),
  before: z.number().optional(),
  afterHeal: z.number().optional(),
  apart: z.number().optional(),
} satisfies Fields<BudgetResult>);

const log = z.looseObject({
  fault: z.number(),
  member: z.string(),
  process: z.string(),
  lines: z.array(z.looseObject({at: z.number().optional(), text: z.string()})),
  more: z.number().optional(),
} satisfies Fields<MemberLog>);

const standstill = z.looseObject({
  of: z.enum(["disk", "journal", "processor"]),
  from: z.number(),
  to: z.number(),
} satisfies Fields<Standstill>);

/** The form of a report.json. Fields that a newer Holdfast added stay in the document, wherever they are. */
export const resultSchema = z.looseObject({
  version: z.literal(1),
  scenario: z.string(),
  summary: z.string(),
  stack: z.string(),
  verdict,
  reasons: z.array(z.string()),
  machineAlone: z.literal(true).optional(),
  seed: z.number(),
  command: z.string(),
  started: z.number(),
  ended: z.number(),
  phases: z.array(
    z.looseObject({
      name: z.enum(["ready", "load", "fault", "heal", "settle", "read", "verdict", "converge"]),
      from: z.number(),
      to: z.number(),
    }),
  ),
  workloads: z.record(z.string(), workload),
  faults: z.array(fault),
  recoveredMs: z.number().optional(),
  converged: z.boolean().optional(),
  bounds: z.array(bound),
  known: z.array(known).optional(),
  budgets: z.array(budget).optional(),
  settings: z.record(z.string(), z.string()).optional(),
  logs: z.array(log).optional(),
  members: z.array(
    z.looseObject({
      member: z.string(),
      component: z.string(),
      zone: z.string(),
      states: z.array(z.looseObject({at: z.number(), state: z.string(), healthy: z.boolean()})),
    }),
  ),
  standstills: z.array(standstill).optional(),
  restarts: z.array(z.looseObject({member: z.string(), process: z.string()})).optional(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
} satisfies Fields<Result>) satisfies z.ZodType<Result>;
