import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {configPairs, stackReference} from "./reference.ts";

const stacks = temporaryFolder();
mkdirSync(join(stacks, "lab"));
writeFileSync(join(stacks, "lab", "Pulumi.yaml"), "name: project\nruntime: nodejs\n");
mkdirSync(join(stacks, "notes"));

for (const [text, label] of [
  ["lab", "project/lab"],
  ["lab:second", "project/second"],
  ["stacks/lab/", "project/lab"],
]) {
  test(`stack ${text}`, t => t.is(stackReference(text!, stacks).label, label!));
}

for (const [text, message] of [
  ["notes", /folder below stacks\/: "lab"/],
  ["../lab/x", /folder below stacks/],
  ["", /folder below stacks/],
  ["lab:", /has the name ""/],
  ["lab:Second", /has the name "Second"/],
  ["lab:a:b", /has the name "a:b"/],
] as const) {
  test(`stack ${JSON.stringify(text)} is refused`, t =>
    t.regex(t.throws(() => stackReference(text, stacks))!.message, message));
}

test("settings get the project's name space unless they have one", t => {
  t.deepEqual(configPairs(["subnet=10.0.0.0/22", "docker:host=tcp://a=b"], "lab"), {
    "lab:subnet": "10.0.0.0/22",
    "docker:host": "tcp://a=b",
  });
  t.regex(t.throws(() => configPairs(["subnet"], "lab"))!.message, /takes key=value/);
});
