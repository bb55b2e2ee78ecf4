import {z} from "zod";
import {durationMs, ratePerSecond} from "../../lib/durations.ts";
import {faultKinds, picks} from "./scenario.ts";

/** The form of a scenario file. Everything is strict: a key that is not here is refused with its line.
 *  Messages complete the sentence "`path` is <value>. It ...". */

const durationNeeds = "takes a duration with its unit, such as 250ms, 5s or 2m";
const duration = z
  .string({error: durationNeeds})
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, {error: durationNeeds})
  .transform(text => durationMs(text)!)
  .describe("Duration with its unit: 250ms, 5s, 2m.");
const positiveDuration = duration.refine(ms => ms > 0, {error: "takes a duration above zero"});

const rateNeeds = "takes a rate with its unit, such as 200/s or 30/m";
const rate = z
  .string({error: rateNeeds})
  .regex(/^\d+(\.\d+)?\/(s|m)$/, {error: rateNeeds})
  .transform(text => ratePerSecond(text)!)
  .refine(perSecond => perSecond > 0 && perSecond <= 5000, {error: "takes a rate above zero and up to 5000/s"})
  .describe("Operations a second over all clients: 200/s.");

const count = (low: number, high: number) => {
  const error = `takes a whole number from ${low} to ${high}, without a unit`;
  return z.number({error}).int({error}).min(low, {error}).max(high, {error});
};
const text = (what: string) => z.string({error: `takes ${what}`}).min(1, {error: `takes ${what}`});
const name = z.string({error: "takes a name"}).regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, {
  error: "takes 1 to 32 lower-case letters, digits and hyphens, starting with a letter",
});
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {error: `takes ${values.map(v => JSON.stringify(v)).join(", ")}`});

const load = z
  .object({
    workload: name.describe("Kind of workload: sql-append, amqp-confirm, memcached-kv, tcp-probe."),
    endpoint: name.describe("Name of an endpoint of the stack, or of a component that has one endpoint."),
    clients: count(1, 64).default(4).describe("Clients that work side by side. Default 4."),
    rate: rate.default(200).describe("Operations a second over all clients. Default 200/s."),
    timeout: positiveDuration
      .optional()
      .describe("Longest time to wait for one operation. Default: the workload's own."),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean()], {error: "takes text, a number, true or false"}))
  .describe("One workload; further keys are options of the workload's own.");

const pick = oneOf(picks);
const role = z.strictObject({component: name, pick});
const where = {
  component: name.optional().describe("Name of a component of the stack. Goes with `member` or `pick`."),
  member: name.optional().describe("Name of one member."),
  pick: pick.optional().describe("One member by what it does at that moment, or a random one."),
  zone: z
    .union([name, z.strictObject({of: z.union([role, z.array(role).min(1)])})], {
      error: "takes the name of a zone, or `of` with one role or a list of roles ({component, pick})",
    })
    .optional()
    .describe("Every member in one zone: its name, or the zone of who has one or several roles at that moment."),
};
const target = z.strictObject(where);
const crashTarget = z.strictObject({
  ...where,
  process: name.optional().describe("One process of the member, such as haproxy. Default: the main one."),
});

const fault = z.strictObject({
  at: duration.describe("Time from the begin of the load."),
  for: positiveDuration.optional().describe("How long it lasts. Default 10s. Not with crash, which mends itself."),
  kill: target.optional().describe("Every process ends without notice; down until healed."),
  crash: crashTarget.optional().describe("One process ends without notice; the platform starts it again."),
  stop: target.optional().describe("Every process ends in good order; down until healed."),
  pause: target.optional().describe("Every process is frozen until healed."),
});

const perWorkload = <T extends z.ZodType>(value: T) => z.record(name, value).default({} as never);

const verdict = z.strictObject({
  outage: perWorkload(duration).describe(
    "Longest time any client may go without an acknowledged operation, by workload.",
  ),
  lost: perWorkload(count(0, 1_000_000)).describe(
    "Operations acknowledged and not there at the final read, by workload.",
  ),
  errors: perWorkload(count(0, 1_000_000)).describe("Operations that failed or have an unknown outcome, by workload."),
  errorsAfterHeal: perWorkload(count(0, 1_000_000)).describe(
    "The same, counting only operations sent after every fault was healed, by workload.",
  ),
  stays: z
    .array(role, {error: "takes a list of roles ({component, pick})"})
    .default([])
    .describe("Who has these roles when the first fault is healed still has them at the end: no failback."),
  hitRate: perWorkload(
    z
      .number({error: "takes a share from 0 to 1"})
      .min(0, {error: "takes a share from 0 to 1"})
      .max(1, {error: "takes a share from 0 to 1"}),
  ).describe("Smallest share of reads that hit, 0 to 1, by workload."),
  recovered: positiveDuration
    .default(60_000)
    .describe("From heal until every member is healthy in its cluster. Default 60s."),
  holders: perWorkload(duration).describe("Longest time that two members may hold the address, by component."),
});

const known = z.strictObject({
  workload: name.describe("Name of the workload that shows it."),
  anomaly: text("a class of anomaly").describe("`lost`, `duplicates`, or a class that the workload's checker finds."),
  because: text("the reason").describe("Why this version has it, with its source."),
});

/** A scenario file. */
export const scenarioSchema = z.strictObject({
  summary: text("a sentence that says what happens").describe("One sentence: what happens."),
  stack: name.describe("The stack that it runs on, a folder under stacks/."),
  settings: z
    .record(text("the name of a setting"), z.unknown(), {error: "takes settings of the stack by name"})
    .default({})
    .describe(
      "Settings of the stack, above those that the user has set. The stack is changed before the run where it stands otherwise.",
    ),
  known: z
    .union([text("the reason why it fails"), z.array(known).min(1)], {
      error: "takes the reason why the scenario fails, or a list of known anomalies ({workload, anomaly, because})",
    })
    .optional()
    .describe(
      "Text: the scenario is known to fail, and why; it still fails. A list: anomalies that this version of the software is known to show; they are measured and do not fail the run, and a run without them says so.",
    ),
  duration: positiveDuration.default(15_000).describe("Shortest time under load. Default 15s."),
  seed: count(0, 2_147_483_647)
    .optional()
    .describe("Seed of everything random. Default: a new one for each run, printed."),
  load: z
    .record(name, load, {error: "takes workloads by name"})
    .refine(all => Object.keys(all).length > 0, {error: "takes at least one workload"})
    .describe("Workloads by name."),
  faults: z
    .array(fault, {error: "takes a list of faults"})
    .default([])
    .describe("What is done to the stack, and when."),
  verdict: verdict.describe("What must hold."),
});

export type ScenarioDocument = z.output<typeof scenarioSchema>;
export type FaultDocument = ScenarioDocument["faults"][number];
export type TargetDocument = NonNullable<FaultDocument["crash"]>;
export {faultKinds};

/** JSON Schema for editors, published as scenarios/scenario.schema.json. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, {io: "input", target: "draft-2020-12"});
  return {...schema, title: "Holdfast scenario"};
}
