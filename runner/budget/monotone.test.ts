import test from "ava";
import fc from "fast-check";
import {type ClientTimings, type FailureKind, failureKinds} from "../../lib/budget/failure.ts";
import {budgetTopology, labSettings} from "../../test/budget-topology.ts";
import {budgetTable} from "./table.ts";

type Component = keyof typeof labSettings;
/** Every number of the settings is a time or a count of failures; a priority is the other way round, so it stays. */
const timings = Object.entries(labSettings).flatMap(([component, settings]) =>
  Object.entries(settings)
    .filter(([key, value]) => typeof value === "number" && key !== "lowestPriority")
    .map(([key]) => [component as Component, key] as const),
);
const client = {operationMs: 3000, connectMs: 250, retryMs: 200, spacingMs: 20, roundTripMs: 0};
const waits = [
  "operationMs",
  "connectMs",
  "retryMs",
  "spacingMs",
  "roundTripMs",
] as const satisfies (keyof ClientTimings)[];

const value = fc.integer({min: 1, max: 20_000});
const anyTimings = fc.tuple(...timings.map(() => value)).map(values => {
  const settings: Partial<Record<Component, Record<string, number>>> = {};
  for (const [i, [component, key]] of timings.entries()) {
    settings[component] = {
      ...settings[component],
      [key]: /fall$|Fall$|Refusals$/.test(key) ? 1 + (values[i]! % 10) : values[i]!,
    };
  }
  return settings;
});
const anyClient = fc.record({
  operationMs: value,
  connectMs: value,
  retryMs: value,
  spacingMs: value,
  roundTripMs: value,
});

function sums(
  settings: Partial<Record<Component, Record<string, number>>>,
  waits: ClientTimings,
  machineMs: number,
): number[] {
  return budgetTable(budgetTopology(settings), () => waits, machineMs).flatMap(row => [
    row.budget!.ms,
    row.budget!.back?.ms ?? 0,
  ]);
}

test("there are timings to lengthen", t => {
  t.true(timings.length > 25);
  t.is(
    new Set(budgetTable(budgetTopology(), () => client).map(row => row.kind satisfies FailureKind)).size,
    failureKinds.length,
  );
});

test("a longer timing never makes a budget shorter", t => {
  fc.assert(
    fc.property(anyTimings, anyClient, fc.nat(), fc.integer({min: 1, max: 5000}), (settings, waiting, which, more) => {
      const before = sums(settings, waiting, 100);
      const longer = structuredClone(settings);
      const slower = {...waiting};
      let machine = 100;
      const index = which % (timings.length + waits.length + 1);
      if (index < timings.length) {
        const [component, key] = timings[index]!;
        longer[component]![key]! += more;
      } else if (index < timings.length + waits.length) slower[waits[index - timings.length]!] += more;
      else machine += more;
      const after = sums(longer, slower, machine);
      return before.every((ms, i) => after[i]! >= ms);
    }),
    {numRuns: 300},
  );
  t.pass();
});
