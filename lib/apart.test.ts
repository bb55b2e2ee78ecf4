import test from "ava";
import fc from "fast-check";
import {apart} from "./apart.ts";
import {showMs} from "./durations.ts";

const share = (value: number, more: number) => value.toFixed(2 + more);
for (const [a, b, shown] of [
  [0.9876, 0.99, ["0.988", "0.990"]],
  [0.98999, 0.99, ["0.98999", "0.99000"]],
  [0.5, 0.99, ["0.50", "0.99"]],
  [0.99, 0.99, ["0.99", "0.99"]],
] as const)
  test(`shares ${a} and ${b}`, t => t.deepEqual(apart(a, b, share), [...shown]));

for (const [a, b, shown] of [
  [3000.4, 3000, ["3.0004 s", "3.0000 s"]],
  [100.4, 100, ["100.4 ms", "100.0 ms"]],
  [12_030, 12_000, ["12.03 s", "12.00 s"]],
  [60_300, 60_000, ["60.3 s", "60.0 s"]],
  [7_205_000, 7_200_000, ["7205 s", "7200 s"]],
  [4000, 3000, ["4.00 s", "3.00 s"]],
  [200_000, 100_000, ["3 min 20 s", "1 min 40 s"]],
] as const)
  test(`times ${a} and ${b}`, t => t.deepEqual(apart(a, b, showMs), [...shown]));

test("times that differ by a microsecond or more never look the same", t => {
  const time = fc.integer({min: 0, max: 90_000_000_000}).map(us => us / 1000);
  const near = fc.tuple(time, fc.integer({min: 1, max: 1_000_000})).map(([a, us]) => [a, a + us / 1000] as const);
  fc.assert(
    fc.property(near, ([a, b]) => {
      const [one, other] = apart(a, b, showMs);
      return one !== other;
    }),
  );
  t.pass();
});
