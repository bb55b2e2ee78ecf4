import {readdirSync} from "node:fs";
import {matchesGlob} from "node:path";
import test from "ava";
import {projectRoot} from "../lib/paths.ts";
import {addUp, chooseSuites, Schedule, suites, tapResult} from "./suites.ts";

for (const [line, result] of [
  ["ok 1 - works", "passed"],
  ["not ok 2 - breaks", "failed"],
  ["ok 3 - later # SKIP", "skipped"],
  ["not ok 4 - some day # TODO", "skipped"],
  ["    ok 5 - indented", undefined],
  ["1..5", undefined],
  ["# pass 4", undefined],
] as const) {
  test(`tap: ${line}`, t => t.is(tapResult(line), result));
}

test("counts are added up", t =>
  t.deepEqual(
    addUp([
      {passed: 1, failed: 0, skipped: 1},
      {passed: 4, failed: 2, skipped: 0},
    ]),
    {passed: 5, failed: 2, skipped: 1},
  ));

test("every test of a real engine is in one suite", t => {
  const all = readdirSync(projectRoot, {recursive: true, encoding: "utf8"}).filter(
    name => name.endsWith(".lab.test.ts") && !name.includes("node_modules"),
  );
  t.true(all.length > 10);
  for (const file of all) {
    const having = suites.filter(({files = []}) => files.some(pattern => matchesGlob(file, pattern)));
    t.is(having.length, 1, `${file} is in ${having.map(({name}) => name).join(", ") || "no suite"}`);
  }
});

test("suites by name and by group, in their own order", t => {
  const names = (...wanted: string[]) => chooseSuites(wanted).map(({name}) => name);
  t.deepEqual(
    names(),
    suites.map(({name}) => name),
  );
  t.deepEqual(names("reboot", "types"), ["types", "reboot"]);
  t.deepEqual(names("fast"), ["types", "style", "dead-code", "unit"]);
  t.throws(() => names("lap"), {message: /SUITE: is "lap"\. It takes "fast", "safety", "lab", "types", .* or "pages"/});
  t.is(new Set(suites.flatMap(({name, group}) => [name, group])).size, suites.length + 3, "no name is one of a group");
});

test("a suite that does not fit into what is left is skipped by name, at the pace of those before it", t => {
  let now = 0;
  const schedule = new Schedule(100, () => now);
  const one = {name: "one", takesMs: 20};
  const two = {name: "two", takesMs: 45};
  t.is(schedule.leftOut(one), undefined);
  now = 40;
  schedule.ended(one, 40);
  t.is(schedule.leftOut(two), "skipped - two: it needs about 90 ms, and 60 ms are left");
  t.is(schedule.leftOut({name: "three", takesMs: 30}), undefined);
  now = 200;
  t.regex(schedule.leftOut(one)!, /and 0 ms are left/);
});

test("without a limit nothing is skipped, and a fast machine makes no suite shorter than it says", t => {
  const schedule = new Schedule(Number.POSITIVE_INFINITY, () => 0);
  schedule.ended({takesMs: 100}, 1);
  t.is(schedule.needs({takesMs: 100}), 100);
  t.is(schedule.leftOut({name: "long", takesMs: 1e9}), undefined);
});
