import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {load} from "js-yaml";
import {temporaryFolder} from "../../test/folder.ts";
import {checkSettings, configFileWith, effective, sameSettings, setStructured} from "./settings.ts";

const folder = temporaryFolder();
const reference = {folder, project: "shop", name: "s", label: "shop/s"};
writeFileSync(
  join(folder, "Pulumi.yaml"),
  "name: shop\nconfig:\n  shop:zones: {type: array, default: [a, b]}\n  shop:size: {type: integer, default: 3}\n  shop:mode: {type: string}\n",
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

test("a setting that the project does not declare is refused with those that it does", t => {
  t.notThrows(() => checkSettings("x.yaml", reference, {size: 3}));
  t.throws(() => checkSettings("x.yaml", reference, {sise: 3}), {
    message: /x\.yaml: `settings\.sise` is not a setting of the stack shop\. It takes zones, size, mode\./,
  });
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
  t.throws(() => setStructured({...reference, name: "other"}, {"shop:zones": "x,y"}), {
    message: /--config: `shop:zones` is "x,y"\. It takes an array as JSON/,
  });
});
