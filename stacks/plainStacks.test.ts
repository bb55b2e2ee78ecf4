import test from "ava";
import "./plainStacks.ts";

test.serial("an error keeps its trace as Node writes it", t => {
  const lines = new TypeError("no such thing").stack!.split("\n");
  t.is(lines[0], "TypeError: no such thing");
  t.regex(lines[1]!, /^ {4}at .*plainStacks\.test\.ts:\d+:\d+\)?$/);
});

test.serial("the SDK's traces of promises are not written, those of the places of resources are", t => {
  t.is(new Error().stack, "");
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  const {stack} = new Error();
  Error.stackTraceLimit = limit;
  t.regex(stack!, /^Error\n {4}at .*plainStacks\.test\.ts:\d+:\d+/);
});
