import test from "ava";
import {settingTakes} from "./setting-type.ts";

const integer = {type: "integer"};
const boolean = {type: "boolean"};
const zones = {type: "array", items: {type: "string"}};
const numbers = {type: "array", items: integer};

// Each was given to `pulumi preview` v3.259 in a project that declares its type.
const taken = [
  [integer, "3"],
  [integer, "+3"],
  [integer, "-3"],
  [integer, "007"],
  [integer, 3],
  [integer, "9223372036854775807"],
  [boolean, "true"],
  [boolean, false],
  [{type: "string"}, "x"],
  [{type: "string"}, 5],
  [{type: "string"}, true],
  [{type: "object"}, {}],
  [{type: "object"}, {a: [1]}],
  [zones, []],
  [zones, ["a", "b"]],
  [zones, [{secure: "v1:x"}]],
  [numbers, [1, "2"]],
  [{}, "anything"],
  [{}, {any: "thing"}],
] as const;
for (const [type, value] of taken)
  test(`${type && JSON.stringify(type)} takes ${JSON.stringify(value)}`, t =>
    t.is(settingTakes(type, value), undefined));

const refused = [
  [integer, "3.0", "a whole number in digits alone, such as 3"],
  [integer, " 3", "a whole number in digits alone, such as 3"],
  [integer, "3 ", "a whole number in digits alone, such as 3"],
  [integer, "", "a whole number in digits alone, such as 3"],
  [integer, "1e1", "a whole number in digits alone, such as 3"],
  [integer, "0x3", "a whole number in digits alone, such as 3"],
  [integer, "1_000", "a whole number in digits alone, such as 3"],
  [integer, "9223372036854775808", "a whole number in digits alone, such as 3"],
  [integer, 3.5, "a whole number in digits alone, such as 3"],
  [integer, true, "a whole number in digits alone, such as 3"],
  [integer, null, "a whole number in digits alone, such as 3"],
  [integer, [3], "a whole number in digits alone, such as 3"],
  [boolean, "True", "true or false"],
  [boolean, "1", "true or false"],
  [boolean, 1, "true or false"],
  [{type: "string"}, {a: 1}, "text"],
  [{type: "string"}, null, "text"],
  [{type: "object"}, "{}", 'an object, such as {"memory": 128}'],
  [{type: "object"}, [], 'an object, such as {"memory": 128}'],
  [zones, "a", "an array, each item text"],
  [zones, ["a", 1], "an array, each item text"],
  [zones, {}, "an array, each item text"],
  [numbers, [1.5], "an array, each item a whole number in digits alone, such as 3"],
] as const;
for (const [type, value, takes] of refused)
  test(`${JSON.stringify(type)} refuses ${JSON.stringify(value)}`, t => t.is(settingTakes(type, value), takes));
