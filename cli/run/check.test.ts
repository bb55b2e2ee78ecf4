import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {InputError} from "../../lib/problems.ts";
import {readScenario} from "../../runner/scenario/read.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {checkScenarios} from "./check.ts";

const stacks = temporaryFolder();
mkdirSync(join(stacks, "shop"));
writeFileSync(
  join(stacks, "shop", "Pulumi.yaml"),
  "name: shop\nconfig:\n  shop:size: {type: integer, default: 3}\n  shop:zones: {type: array, items: {type: string}}\n",
);

const scenario = (file: string, more: string, load = "") =>
  readScenario(
    file,
    `summary: A member is hit.\nstack: shop\n${more}\nload:\n  rows: {workload: sql-append, endpoint: sql${load}}\nverdict: {}\n`,
  );

test("the stacks of scenarios, by name", t => {
  const references = checkScenarios([scenario("a.yaml", "settings: {size: 5}")], stacks);
  t.is(references.get("shop")!.label, "shop/shop");
});

for (const [what, more, load, message] of [
  ["a setting that is none", "settings: {sise: 5}", "", "a.yaml:3: `settings.sise` is not a setting of the stack shop"],
  ["a setting of another type", 'settings: {size: "3.0"}', "", 'a.yaml:3: `settings.size` is "3.0". It takes a whole'],
  [
    "an item of another type",
    "settings: {zones: [a, 1]}",
    "",
    'a.yaml:3: `settings.zones` is ["a",1]. It takes an arr',
  ],
  [
    "a setting in the middle of a run",
    "faults: [{at: 1s, change: {component: galera, settings: {size: many}}}]",
    "",
    'a.yaml:3: `faults[0].change.settings.size` is "many". It takes a whole number',
  ],
  ["a stack that is none", "settings: {}", "", undefined],
  ["an option that is none", "settings: {}", ", colour: red", "a.yaml:5: `load.rows.colour` is not an option"],
] as const)
  test(`refused before anything is done, by \`list\` as by \`run\`: ${what}`, t => {
    const read = scenario("a.yaml", more, load);
    const error = t.throws(() => checkScenarios([message ? read : {...read, stack: "other"}], stacks), {
      instanceOf: InputError,
    })!;
    t.true(error.message.includes(message ?? 'a.yaml:2: `stack` is "other"'), error.message);
  });

test("the problems of all files are told at once", t => {
  const both = [scenario("a.yaml", "settings: {size: x}", ", colour: red"), scenario("b.yaml", "settings: {sise: 1}")];
  const {message} = t.throws(() => checkScenarios(both, stacks))!;
  t.deepEqual(
    message.split("\n").map(line => line.split(" ")[0]),
    ["a.yaml:5:", "a.yaml:3:", "b.yaml:3:"],
  );
});
