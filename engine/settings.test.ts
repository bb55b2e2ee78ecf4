import {existsSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {load} from "js-yaml";
import {InputError} from "../lib/problems.ts";
import {temporaryFolder} from "../test/folder.ts";
import {
  checkOwn,
  checkPairs,
  configFileWith,
  effective,
  sameSettings,
  setStructured,
  settingProblems,
  withOwnFile,
} from "./settings.ts";

const folder = temporaryFolder();
const reference = {folder, project: "shop", name: "s", label: "shop/s"};
writeFileSync(
  join(folder, "Pulumi.yaml"),
  "name: shop\nconfig:\n  shop:zones: {type: array, items: {type: string}, default: [a, b]}\n  shop:size: {type: integer, default: 3}\n  shop:mode: {type: string}\n",
);
writeFileSync(
  join(folder, `Pulumi.${reference.name}.yaml`),
  "encryptionsalt: v1:x\nconfig:\n  shop:size: 5\n  shop:key: {secure: abc}\n",
);

test("defaults, then what the user has set, then the settings; secrets stay out", t => {
  t.deepEqual(effective(reference), {zones: '["a","b"]', size: "5"});
  t.deepEqual(effective(reference, {size: 7, mode: "x"}), {zones: '["a","b"]', size: "7", mode: "x"});
});

test("lists and objects are the same whatever their space and order", t => {
  t.true(sameSettings({a: '{"x": 1, "y": [1]}'}, {a: '{"y":[1],"x":1}'}));
  t.false(sameSettings({a: "[1,2]"}, {a: "[2,1]"}));
  t.false(sameSettings({a: "1"}, {}));
});

test("a setting that the project does not declare is a problem, with those that it does; so is a value of another type", t => {
  t.deepEqual(settingProblems(reference, {size: 3, zones: ["a"], mode: 5}, "settings"), []);
  t.deepEqual(settingProblems(reference, {sise: 3, size: "3.0", zones: "a", toString: 1}, "settings"), [
    {path: "settings.sise", message: "is not a setting of the stack shop. It takes zones, size, mode."},
    {path: "settings.size", message: 'is "3.0". It takes a whole number in digits alone, such as 3.'},
    {path: "settings.zones", message: 'is "a". It takes an array, each item text.'},
    {path: "settings.toString", message: "is not a setting of the stack shop. It takes zones, size, mode."},
  ]);
});

for (const [key, value] of [
  ["size", "3.0"],
  ["size", " 3"],
  ["size", ""],
  ["size", "[3]"],
  ["zones", "x,y"],
  ["zones", "[1]"],
  ["zones", "null"],
] as const)
  test(`--config ${key}=${value} is refused`, t => {
    const {message} = t.throws(() => checkPairs(reference, {[`shop:${key}`]: value}), {instanceOf: InputError})!;
    t.true(message.startsWith(`--config: \`shop:${key}\` is ${JSON.stringify(value)}. It takes `), message);
  });

test("--config takes what Pulumi takes, and leaves other keys to the program", t => {
  const pairs = {"shop:size": "+3", "shop:zones": '["x"]', "shop:mode": "3.0", "shop:other": "1", "docker:host": "x"};
  t.notThrows(() => checkPairs(reference, pairs));
});

test("a value that is not of its type is found in the user's own file, unless another stands above it", t => {
  const spoilt = {...reference, name: "spoilt"};
  writeFileSync(join(folder, "Pulumi.spoilt.yaml"), 'config:\n  shop:size: "3.0"\n  shop:zones: {secure: abc}\n');
  t.throws(() => checkOwn(spoilt), {
    instanceOf: InputError,
    message:
      /Pulumi\.spoilt\.yaml: `shop:size` is "3\.0"\. It takes a whole number .* Mend it there, or take the line out\.$/,
  });
  t.notThrows(() => checkOwn(spoilt, {size: 3}));
  t.notThrows(() => checkOwn(reference));
  t.notThrows(() => checkOwn({...reference, name: "none"}));
});

test("what looks like the same number is another text: the trial and the engine see what is written", t => {
  t.false(sameSettings({size: "3"}, {size: "3.0"}));
  t.false(sameSettings({size: "3"}, {size: " 3"}));
  t.true(sameSettings({size: "3"}, {size: "3"}));
});

test("the user's file is as it was when the work failed, unless by then the stack had begun to change", async t => {
  const own = {...reference, name: "kept"};
  const file = join(folder, "Pulumi.kept.yaml");
  const work = async () => {
    writeFileSync(file, "config:\n  shop:size: 9\n");
    throw new Error("refused");
  };
  await t.throwsAsync(withOwnFile(own, work));
  t.false(existsSync(file));
  await t.throwsAsync(withOwnFile(own, work, () => true));
  t.true(existsSync(file));
});

test("the file for the engine has the user's own settings and keys too; without settings there is none", t => {
  t.is(configFileWith(reference, {}, folder), undefined);
  t.deepEqual(load(readFileSync(configFileWith(reference, {mode: "x", size: 7}, folder)!, "utf8")), {
    encryptionsalt: "v1:x",
    config: {"shop:size": 7, "shop:key": {secure: "abc"}, "shop:mode": "x"},
  });
});

test("lists and objects given as text are set as such, and comments stay; the rest is for Pulumi", t => {
  const file = join(folder, "Pulumi.other.yaml");
  writeFileSync(file, "# mine\nconfig:\n  shop:size: 5\n");
  const rest = setStructured({...reference, name: "other"}, {"shop:zones": '["x"]', "shop:mode": "fast"});
  t.deepEqual(rest, {"shop:mode": "fast"});
  const text = readFileSync(file, "utf8");
  t.regex(text, /^# mine/);
  t.deepEqual(load(text), {config: {"shop:size": 5, "shop:zones": ["x"]}});
});
