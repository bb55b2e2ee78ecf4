import test from "ava";
import type {StateResource} from "../up/compose.ts";
import {dockerInputs, grown, type PreviewStep} from "./state.ts";

const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:s::p::docker:Container::${name}`,
  type: "docker:Container",
  custom: true,
  inputs: {name},
  dependencies: ["urn:x"],
  ...more,
});
const real = resource("a-0", {id: "real", outputs: {name: "a-0", bridge: "", ports: []}});

test("a planned resource gets what one of its type gave, and its own inputs", t => {
  const steps: PreviewStep[] = [
    {op: "same", newState: real},
    {op: "create", newState: resource("a-1")},
    {op: "create", newState: resource("pool", {custom: false, type: "docker:Container"})},
  ];
  const all = grown([real], steps);
  t.is(all[0], real);
  t.deepEqual(all[1], {...resource("a-1"), id: "made-of-a-1", outputs: {name: "a-1", bridge: "", ports: []}});
  t.deepEqual(all[2]!.outputs, {});
  t.is(all[2]!.id, undefined);
});

test("anything but a creation, and a type that was never made, is an error", t => {
  t.throws(() => grown([real], [{op: "replace", newState: real}]), {message: /plans to replace .*a-0/});
  t.throws(() => grown([real], [{op: "create", newState: resource("x", {type: "docker:Volume"})}]), {
    message: /no docker:Volume was made/,
  });
});

test("the same resources of two projects have the same inputs", t => {
  const of = (project: string) => [
    resource("a", {inputs: {label: `${project}/s`}}),
    resource("gate", {type: "holdfast:docker:Gate"}),
  ];
  t.deepEqual(dockerInputs(of("one"), "one"), dockerInputs(of("two"), "two"));
  t.deepEqual(dockerInputs(of("one"), "one"), {"docker:Container a": {label: "PROJECT/s"}});
});
