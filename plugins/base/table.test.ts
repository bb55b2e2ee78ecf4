import test from "ava";
import {diffTable} from "./diff.ts";
import {madeUp, withName} from "./naming.ts";
import {checkTable, duration, markSecrets, nanoseconds, type Table} from "./table.ts";
import {type Properties, secret, unknown} from "./values.ts";

const table: Table = {
  name: {shape: "string", required: true, replace: true},
  size: {shape: "integer"},
  start: {shape: "boolean", default: true},
  quiet: {shape: "boolean"},
  mode: {shape: "string", only: ["a", "b"], default: "a"},
  every: {shape: "duration"},
  tags: {shape: {list: "string"}, set: true, replace: true},
  steps: {shape: {list: "string"}},
  env: {shape: {map: "string"}},
  hosts: {
    shape: {list: {object: {ip: {shape: "string", required: true}, port: {shape: "integer", default: 80}}}},
    set: true,
  },
};
const refuse = (path: string) => `no ${path}`;

for (const [inputs, problems] of [
  [{name: "x", size: 3, every: "1m30s", __defaults: ["name"]}, []],
  [{}, ["input `name` is missing"]],
  [{name: "x", gpus: "all"}, ["no gpus"]],
  [{name: "x", hosts: [{ip: "1", rack: 2}]}, ["no hosts[0].rack"]],
  [{name: "x", hosts: [{}]}, ["input `hosts[0].ip` is missing"]],
  [
    {name: 1, size: 1.5, start: "yes"},
    [
      "input `name` must be a string, not a number",
      "input `size` must be a whole number, not a number",
      "input `start` must be true or false, not a string",
    ],
  ],
  [{name: "x", mode: "c"}, ['input `mode` is "c"; allowed: a, b']],
  [{name: "x", every: "5 s"}, ['input `every` must be a duration such as "500ms", "2s" or "1m30s", not a string']],
  [{name: unknown, hosts: unknown, env: {a: unknown}}, []],
] as [Properties, string[]][]) {
  test(`check ${JSON.stringify(inputs)}`, t => t.deepEqual(checkTable(table, inputs, refuse), problems));
}

for (const [olds, news, changes] of [
  [{}, {}, []],
  [{start: true, quiet: false, mode: "a", tags: [], env: {}}, {}, []],
  [{start: false}, {}, ["start delete"]],
  [{}, {start: false}, ["start add"]],
  [{every: "60s"}, {every: "1m0s"}, []],
  [{every: "60s"}, {every: "61s"}, ["every update"]],
  [{tags: ["a", "b"]}, {tags: ["b", "a"]}, []],
  [{tags: ["a"]}, {tags: ["b"]}, ["tags update replace"]],
  [{steps: ["a", "b"]}, {steps: ["b", "a"]}, ["steps update"]],
  [{hosts: [{ip: "1"}, {ip: "2"}]}, {hosts: [{ip: "2", port: 80}, {ip: "1"}]}, []],
  [{name: "a"}, {name: unknown}, ["name update replace"]],
  [{__defaults: ["name"]}, {__defaults: []}, []],
] as [Properties, Properties, string[]][]) {
  test(`diff ${JSON.stringify(olds)} ${JSON.stringify(news)}`, t => {
    const found = diffTable(table, olds, news).map(c => `${c.key} ${c.kind}${c.replace ? " replace" : ""}`);
    t.deepEqual(found, changes);
  });
}

for (const [text, ns] of [
  ["0", 0],
  ["250ms", 250e6],
  ["1m30s", 90e9],
  ["1.5h", 5400e9],
  ["2", undefined],
  ["", undefined],
] as const) {
  test(`duration ${text}`, t => {
    t.is(nanoseconds(text), ns);
    if (ns !== undefined) t.is(nanoseconds(duration(ns)), ns);
  });
}

test("inputs that are secret by their table are marked, at any depth, and once", t => {
  const nested: Table = {
    password: {shape: "string", secret: true},
    user: {shape: "string"},
    own: {shape: {object: {key: {shape: "string", secret: true}, certificate: {shape: "string"}}}},
  };
  t.deepEqual(markSecrets(nested, {password: "p", user: "u", own: {key: "k", certificate: "c"}}), {
    password: secret("p"),
    user: "u",
    own: {key: secret("k"), certificate: "c"},
  });
  const rest = {password: unknown, own: secret({key: "k"}), other: 1};
  t.deepEqual(markSecrets(nested, rest), rest, "what is not known yet, or marked as a whole, stays");
  t.deepEqual(markSecrets(nested, {password: secret("p")}), {password: secret("p")});
});

test("names", t => {
  const seed = new Uint8Array([1]);
  const first = withName("web", {}, {}, seed, undefined);
  t.regex(String(first.name), /^web-[0-9a-f]{7}$/);
  t.true(madeUp(first));
  t.is(withName("web", {}, first, new Uint8Array([2]), undefined).name, first.name, "kept");
  t.not(withName("web", {}, {}, new Uint8Array([2]), undefined).name, first.name, "a replacement gets another");
  t.false(madeUp(withName("web", {name: "mine"}, first, seed, undefined)));
  t.is(withName("web", {}, {}, seed, {name: "org-web", mode: "enforce"}).name, "org-web");
  t.is(withName("web", {}, {}, seed, {name: "", mode: "disable"}).name, undefined);
  t.not(
    withName("web", {}, {name: "mine", __defaults: []}, seed, undefined).name,
    "mine",
    "a given name is not inherited",
  );
});
