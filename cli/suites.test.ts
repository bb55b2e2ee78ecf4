import test from "ava";
import {addUp, tapResult} from "./suites.ts";

for (const [line, result] of [
  ["ok 1 - works", "passed"],
  ["not ok 2 - breaks", "failed"],
  ["ok 3 - later # SKIP", undefined],
  ["not ok 4 - some day # TODO", undefined],
  ["    ok 5 - indented", undefined],
  ["1..5", undefined],
  ["# pass 4", undefined],
] as const) {
  test(`tap: ${line}`, t => t.is(tapResult(line), result));
}

test("counts are added up", t =>
  t.deepEqual(
    addUp([
      {passed: 1, failed: 0},
      {passed: 4, failed: 2},
    ]),
    {passed: 5, failed: 2},
  ));
