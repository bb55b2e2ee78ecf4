import test from "ava";
import fc from "fast-check";
import {fromStruct, toStruct} from "./struct.ts";
import {
  hasSecret,
  hasUnknown,
  keepSecrets,
  type Properties,
  plain,
  plainProperties,
  secret,
  unknown,
} from "./values.ts";

test("marks are opened, and found at any depth", t => {
  const marked = {a: [{b: secret({c: [1, null]})}], d: unknown, e: null};
  t.deepEqual(plainProperties(marked), {a: [{b: {c: [1, null]}}], d: unknown});
  t.true(hasSecret(marked));
  t.true(hasUnknown(marked));
  t.false(hasSecret(plainProperties(marked)));
  t.is(plain({"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn: "u", id: "i"}), "i");
});

test("what was secret stays secret", t => {
  const inputs = {uploads: [{file: "/a", content: secret("x")}], name: "n"};
  t.deepEqual(
    keepSecrets({uploads: [{file: "/a", content: "x"}], name: "n"}, inputs),
    inputs,
    "the same: its own marks",
  );
  t.deepEqual(keepSecrets({uploads: [{file: "/b", content: "x"}]}, inputs), {
    uploads: secret([{file: "/b", content: "x"}]),
  });
  t.deepEqual(keepSecrets({value: "v"}, {}, {value: secret("v")}), {value: secret("v")}, "marks of old outputs");
});

test("the wire keeps what JSON can say", t => {
  // No property is called __proto__, which plain objects cannot hold.
  const json = fc
    .dictionary(fc.string(), fc.jsonValue(), {noNullPrototype: true})
    .filter(value => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(json, value => {
      // Negative zero has no JSON form.
      const wanted = JSON.parse(JSON.stringify(value));
      t.deepEqual(JSON.parse(JSON.stringify(fromStruct(toStruct(wanted as Properties)))), wanted);
    }),
    {numRuns: 50},
  );
  t.deepEqual(fromStruct(toStruct({a: undefined, b: {c: undefined}})), {b: {}});
});
