import test from "ava";
import {Progress, tidy} from "./progress.ts";

test("messages lose colour marks and the engine's wrapping", t => {
  t.is(tidy("<{%reset%}>error: 1 error occurred:\n\t* no such image<{%reset%}>\n\n"), "no such image");
  t.is(tidy("rpc error: code = Unknown desc = galera-1 is not healthy"), "galera-1 is not healthy");
});

test("what a program refuses is told without the shape of an exception", t => {
  const said = `Running program '/x/stacks/lab/index.ts' failed with an unhandled exception:
[stack lab/x, config lab: \`foo\` is not a setting.
stack lab/x, config lab: \`vip\` is {"a":{"b":[1]}}.] {
  name: 'InputError'
}
`;
  t.is(
    tidy(said),
    'stack lab/x, config lab: `foo` is not a setting.\nstack lab/x, config lab: `vip` is {"a":{"b":[1]}}.',
  );
});

test("errors name the resource, once, and leave out that the update failed", t => {
  const progress = new Progress({quiet: true});
  const urn = "urn:pulumi:lab::lab::docker:index/container:Container::galera-1";
  const say = (message: string, of?: string) =>
    progress.onEvent({sequence: 1, timestamp: 1, diagnosticEvent: {severity: "error", message, urn: of, color: ""}});
  say("no such image", urn);
  say("no such image", urn);
  say("update failed");
  t.deepEqual(progress.errors(), ["galera-1: no such image"]);
});

test("the engine's note on a bundled plugin is no warning", t => {
  const progress = new Progress({quiet: true});
  const diagnosticEvent = {
    severity: "warning" as const,
    message: "using pulumi-resource-docker from $PATH at /x",
    color: "",
  };
  progress.onEvent({sequence: 1, timestamp: 1, diagnosticEvent});
  t.deepEqual(progress.warnings(), []);
});
