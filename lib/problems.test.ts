import test from "ava";
import {either, InputError, oneOf, refuse, resourceName, show, unique, wholeNumber} from "./problems.ts";

test("no problem, no error", t => {
  t.notThrows(() => refuse('galera "db"', []));
});

test("one error names everything that is wrong", t => {
  const error = t.throws(
    () =>
      refuse('galera "db"', [
        {path: "members", message: "is 2. A quorum needs an odd number."},
        {path: "", message: "needs three zones."},
      ]),
    {instanceOf: InputError},
  );
  t.is(error.message, 'galera "db": `members` is 2. A quorum needs an odd number.\ngalera "db": needs three zones.');
  t.is(error.problems.length, 2);
});

for (const [value, problems] of [
  [3, 0],
  [0, 1],
  [10, 1],
  [2.5, 1],
  ["3", 1],
  [undefined, 1],
  [Number.NaN, 1],
] as const) {
  test(`wholeNumber 1 to 9: ${String(value)} (${typeof value})`, t =>
    t.is(wholeNumber("n", value, 1, 9).length, problems));
}

for (const [name, problems] of [
  ["db", 0],
  ["db-1", 0],
  ["a", 0],
  ["Db", 1],
  ["1db", 1],
  ["db-", 1],
  ["", 1],
  ["a".repeat(33), 1],
  [7, 1],
] as const) {
  test(`resourceName ${show(name)}`, t => t.is(resourceName("name", name).length, problems));
}

test("alternatives and repeats are named", t => {
  t.is(either(["a", "b", "c"]), '"a", "b" or "c"');
  t.regex(oneOf("mode", "x", ["a", "b"])[0]!.message, /is "x"\. It takes "a" or "b"\./);
  t.deepEqual(
    unique("zones", ["a", "b", "a"], "zone").map(p => p.message),
    ['has the zone "a" more than once. Each must be different.'],
  );
  t.is(show("x".repeat(200)).length, 80);
});
