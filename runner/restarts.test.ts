import test from "ava";
import {type Processes, restartsBetween} from "./restarts.ts";

const processes = (all: Record<string, Record<string, string>>): Processes =>
  new Map(
    Object.entries(all).map(([member, own]) => [
      member,
      Object.entries(own).map(([process, incarnation]) => ({
        process,
        incarnation,
        running: true,
        paused: false,
        since: 0,
      })),
    ]),
  );
const before = processes({"galera-0": {main: "1", watcher: "1"}, "galera-1": {main: "1", watcher: "1"}});

test("a companion that was started again is told, with its member", t => {
  const after = processes({"galera-0": {main: "1", watcher: "2"}, "galera-1": {main: "1", watcher: "1"}});
  t.deepEqual(restartsBetween(before, after, []), [{member: "galera-0", process: "watcher"}]);
});

test("what a fault hit is started again as it should be", t => {
  const after = processes({"galera-0": {main: "2", watcher: "2"}, "galera-1": {main: "2", watcher: "1"}});
  const faults = [{fault: "kill", members: ["galera-0"]}];
  t.deepEqual(restartsBetween(before, after, faults), [{member: "galera-1", process: "main"}]);
});

test("nothing is known of a stack that was changed, nor where a member that no fault hit could not be looked at", t => {
  const after = processes({"galera-0": {main: "2", watcher: "2"}});
  t.is(restartsBetween(before, after, [{fault: "change", members: ["galera-0"]}]), undefined);
  t.is(restartsBetween(before, after, [{fault: "kill", members: ["galera-0"]}]), undefined);
  t.is(restartsBetween(after, before, [{fault: "kill", members: ["galera-1"]}])?.length, 2);
});
