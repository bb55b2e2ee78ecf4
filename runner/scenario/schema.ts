import {z} from "zod";
import {faultKinds, faults} from "../faults/registry.ts";
import {moments} from "./scenario.ts";
import {role, type TargetDocument, targetSchema} from "./targets.ts";
import {count, duration, durationNeeds, mostTimes, name, oneOf, positiveDuration, rate, text} from "./values.ts";

/** The form of a scenario file. Everything is strict: a key that is not here is refused with its line. */

const load = z
  .object({
    workload: name.describe(
      "Kind of workload: sql-append, list-append, bank, for-update, register, amqp-confirm, memcached-kv, http, tcp-probe.",
    ),
    endpoint: name.describe("Name of an endpoint of the stack, or of a component that has one endpoint."),
    clients: count(1, 256).default(4).describe("Clients that work side by side. Default 4."),
    rate: rate.default(200).describe("Operations a second over all clients. Default 200/s."),
    timeout: positiveDuration
      .optional()
      .describe("Longest time to wait for one operation. Default: the workload's own."),
    via: z
      .strictObject({
        latency: positiveDuration.describe("How much longer everything is on its way, in each direction."),
        jitter: duration.default(0).describe("At most so much more or less, at random."),
      })
      .optional()
      .describe("A slow proxy between the clients and the endpoint."),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean()], {error: "takes text, a number, true or false"}))
  .describe("One workload; further keys are options of the workload's own.");

const after = z
  .strictObject({
    fault: name.describe("Name of another step."),
    is: oneOf(moments)
      .default("healed")
      .describe("Its first injection, its last healing, or every member healthy after that. Default healed."),
    wait: duration.default(0).describe("How much later. Default at once."),
  })
  .describe("Instead of `at`: when another step has come to something.");

const repeat = z
  .strictObject({
    times: count(2, mostTimes).describe("How often in all."),
    every: positiveDuration.optional().describe("From one injection to the next, at least."),
    settled: z
      .boolean({error: "takes true or false"})
      .default(false)
      .describe("Every member is healthy before the next. Default false."),
  })
  .describe("The same again.");

const step = {
  name: name.optional().describe("What other steps call it."),
  at: duration.optional().describe("Time from the begin of the load. Steps with the same time happen side by side."),
  after: after.optional(),
  for: positiveDuration.optional().describe("How long it lasts. Default 10s. Not with what ends by itself."),
  repeat: repeat.optional(),
};
const fault = z.strictObject({
  ...step,
  ...Object.fromEntries(faults.map(one => [one.kind, targetSchema(one).optional().describe(one.does)])),
});

const chaos = z
  .strictObject({
    every: positiveDuration.describe("From one fault to the next."),
    for: positiveDuration.describe("How long in all, from the begin of the load."),
    lasts: positiveDuration.optional().describe("How long each lasts. Default half of `every`."),
    among: z
      .array(
        z.union([oneOf(faultKinds as [string, ...string[]]), chosen()], {error: "takes a fault, or one with its keys"}),
        {
          error: "takes a list of faults",
        },
      )
      .min(1, {error: "takes at least one fault"})
      .describe(
        "Faults to choose from: `kill`, or with keys `{loss: {percent: 30}}`; `component` keeps one to a component.",
      ),
    components: z
      .array(name, {error: "takes a list of components"})
      .min(1, {error: "takes at least one component"})
      .optional()
      .describe("Components to choose from. Default all."),
    seed: count(0, 2_147_483_647).optional().describe("The seed of the scenario, in this place."),
    down: count(1, 16)
      .optional()
      .describe("Members of a component that may be down at once. Default: as many as its quorum allows."),
  })
  .describe("Random faults at regular times, which the seed gives again.");

/** One fault with its keys and no target. */
function chosen() {
  const own = (keys: Record<string, z.ZodType> = {}) =>
    z.strictObject({component: name.optional().describe("To this component alone."), ...keys}).optional();
  return z.strictObject(Object.fromEntries(faults.map(one => [one.kind, own(one.keys)])));
}

const perWorkload = <T extends z.ZodType>(value: T) => z.record(name, value).default({} as never);

const verdict = z.strictObject({
  outage: perWorkload(z.union([z.literal("budget"), duration], {error: `${durationNeeds}, or \`budget\``})).describe(
    "Longest time any client may go without an acknowledged operation, by workload. `budget`: what the configuration of the stack allows.",
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
  twoHolders: z
    .array(name, {error: "takes a list of components"})
    .default([])
    .describe(
      "Components of which two members must have been seen to hold the address: what the fault is to bring about.",
    ),
  evictions: perWorkload(count(0, 1000)).describe(
    "How many members the watchers evict, by component: exactly so many. 0 where nobody is dead for sure.",
  ),
});

const known = z.strictObject({
  workload: name.describe("Name of the workload that shows it."),
  anomaly: text("a class of anomaly").describe("`lost`, `duplicates`, or a class that the workload's checker finds."),
  because: text("the reason").describe("Why this version has it, with its source."),
  most: count(1, 1_000_000)
    .optional()
    .describe("How much of it is known: more fails the run. Default: without a limit."),
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
  limit: positiveDuration
    .optional()
    .describe("Longest time for the whole run. When it is passed, faults are healed and the verdict is unknown."),
  seed: count(0, 2_147_483_647)
    .optional()
    .describe("Seed of everything random. Default: a new one for each run, printed."),
  writer: z
    .record(name, name, {error: "takes members by component ({galera: galera-1})"})
    .default({})
    .describe("Who takes the writes of a component when the load begins, by component. Default: who does so already."),
  load: z
    .record(name, load, {error: "takes workloads by name"})
    .refine(all => Object.keys(all).length > 0, {error: "takes at least one workload"})
    .describe("Workloads by name."),
  faults: z
    .array(fault, {error: "takes a list of faults"})
    .default([])
    .describe("What is done to the stack, and when."),
  chaos: chaos.optional(),
  verdict: verdict.describe("What must hold."),
});

export type ScenarioDocument = z.output<typeof scenarioSchema>;
export type FaultDocument = ScenarioDocument["faults"][number];

/** The kinds of fault that a step names, with what it says about each. */
export function kindsIn(fault: FaultDocument): [kind: string, target: TargetDocument][] {
  const all = fault as Record<string, unknown>;
  return faultKinds.flatMap(kind => (all[kind] ? [[kind, all[kind] as TargetDocument]] : []));
}

/** JSON Schema for editors, published as scenarios/scenario.schema.json. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, {io: "input", target: "draft-2020-12"});
  return {...schema, title: "Holdfast scenario"};
}
