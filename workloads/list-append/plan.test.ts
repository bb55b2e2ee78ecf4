import test from "ava";
import fc from "fast-check";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {Plan} from "./plan.ts";

const order = (rate: number, clients: number, seed = 1): WorkloadOrder =>
  ({clients, rate, maxMs: 60_000, seed, options: {keys: 10, appends: 64}}) as unknown as WorkloadOrder;

test("the same order gives the same transactions, another seed others", t => {
  const steps = (seed: number) => new Plan(order(200, 4, seed)).steps(2, 17);
  t.deepEqual(steps(5), steps(5));
  const all = (seed: number) => Array.from({length: 20}, (_, n) => new Plan(order(200, 4, seed)).steps(0, n));
  t.notDeepEqual(all(5), all(6));
});

test("1 to 4 steps on keys that there are, and every value once", t => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 8}), fc.integer({min: 1, max: 500}), fc.nat(), (clients, rate, seed) => {
      const plan = new Plan(order(rate, clients, seed));
      const values = new Set<number>();
      let appends = 0;
      const each = Math.min(200, Math.floor((rate * 60) / clients));
      for (let client = 0; client < clients; client++) {
        for (let n = 0; n < each; n++) {
          const steps = plan.steps(client, n);
          t.true(steps.length >= 1 && steps.length <= 4);
          for (const [kind, key, value] of steps) {
            t.true(key >= 0 && key < plan.keys);
            if (kind === "append") [appends++, values.add(value)];
          }
        }
      }
      t.is(values.size, appends);
    }),
    {numRuns: 30},
  );
});

test("about ten keys are in use at a time, each for about 64 appends", t => {
  const plan = new Plan(order(200, 4));
  const uses = new Map<number, number>();
  for (let n = 0; n < 2500; n++)
    for (let client = 0; client < 4; client++)
      for (const [kind, key] of plan.steps(client, n)) if (kind === "append") uses.set(key, (uses.get(key) ?? 0) + 1);
  const whole = [...uses.entries()].sort((a, b) => a[0] - b[0]).slice(10, -10);
  const mean = whole.reduce((sum, [, count]) => sum + count, 0) / whole.length;
  t.true(mean > 58 && mean < 70, `${mean} appends a key`);
  const now = new Set(
    Array.from({length: 40}, (_, i) => plan.steps(i % 4, 1000 + Math.floor(i / 4)))
      .flat()
      .map(s => s[1]),
  );
  t.true(now.size >= 9 && now.size <= 12, `${now.size} keys at a time`);
});
