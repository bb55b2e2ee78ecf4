import test from "ava";
import {repeatCommand} from "../../engine/repeat.ts";
import {InputError} from "../../lib/problems.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import {chooseScenarios} from "./choose.ts";

test("all are those that come with Holdfast, on the stack that is asked for", async t => {
  const there = await findScenarios(["scenarios"]);
  const all = await chooseScenarios([], {all: true});
  t.deepEqual(
    all.map(s => s.name),
    there.map(s => s.name),
  );
  const second = await chooseScenarios([], {all: true, stack: "lab:second", limit: 60_000});
  t.is(second.length, there.filter(s => s.stack === "lab").length);
  t.true(second.every(s => s.stack === "lab:second" && s.limitMs === 60_000));
});

for (const [what, paths, choice, message] of [
  ["nothing", [], {}, /`SCENARIO` is missing.*--all/],
  ["paths and all", ["scenarios/galera"], {all: true}, /together with --all/],
  ["a stack that no scenario is for", [], {all: true, stack: "other"}, /`--stack` is "other"/],
] as const) {
  test(`refused: ${what}`, async t => {
    await t.throwsAsync(chooseScenarios(paths, choice), {instanceOf: InputError, message});
  });
}

for (const [file, options, command] of [
  ["scenarios/a/b.yaml", {converge: true}, "./holdfast run scenarios/a/b.yaml --seed 7"],
  [
    "scenarios/a/b.yaml",
    {converge: false, stack: "lab:ci", limit: 600_000},
    "./holdfast run scenarios/a/b.yaml --stack lab:ci --seed 7 --limit 10m --no-converge",
  ],
  ["my own/it's.yaml", {converge: true, limit: 1500}, `./holdfast run 'my own/it'\\''s.yaml' --seed 7 --limit 1500ms`],
] as const) {
  test(`what repeats it: ${command}`, t => t.is(repeatCommand({file}, 7, options), command));
}
