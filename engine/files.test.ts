import {mkdirSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {dropLock, isStale, knownResources, pendingOperations, readLocks, stateFiles} from "./files.ts";

const reference = {project: "lab", name: "second"};
const lock = {file: "x", pid: 42, hostname: "here", username: "u", timestamp: "t"};

function made() {
  const files = stateFiles(`file://${temporaryFolder()}`, reference)!;
  mkdirSync(files.locks, {recursive: true});
  mkdirSync(dirname(files.checkpoint), {recursive: true});
  return files;
}

test("only a local backend has files", t => {
  t.is(stateFiles("s3://bucket", reference), undefined);
  t.is(stateFiles(undefined, reference), undefined);
  t.is(stateFiles("file:///state", reference)!.checkpoint, "/state/.pulumi/stacks/lab/second.json");
  t.is(stateFiles("file:///state", reference)!.locks, "/state/.pulumi/locks/organization/lab/second");
});

const rows: [string, typeof lock, boolean, boolean][] = [
  ["a process that is gone", lock, false, true],
  ["an engine that runs", lock, true, false],
  ["another host's lock", {...lock, hostname: "there"}, false, false],
];
for (const [name, value, runs, stale] of rows) {
  test(`stale: ${name}`, t => t.is(isStale(value, {hostname: "here", isEngine: () => runs}), stale));
}

test("locks are read, also those that cannot be parsed, and dropped", t => {
  const files = made();
  writeFileSync(join(files.locks, "a.json"), JSON.stringify({pid: 7, hostname: "h", username: "u", timestamp: "t"}));
  writeFileSync(join(files.locks, "b.json"), "{half");
  const locks = readLocks(files);
  t.deepEqual(locks.map(l => l.pid).sort(), [0, 7]);
  t.true(locks.filter(l => l.pid === 0).every(l => isStale(l)));
  for (const one of locks) dropLock(one);
  t.deepEqual(readLocks(files), []);
});

test("a checkpoint tells what was under way and which ids it knows", t => {
  const files = made();
  t.deepEqual(pendingOperations(files), []);
  const urn = "urn:pulumi:second::lab::docker:index/container:Container::galera-1";
  const latest = {
    resources: [{type: "a:b:C", id: "abc"}, {type: "a:b:D"}],
    pending_operations: [{type: "creating", resource: {urn}}],
  };
  writeFileSync(files.checkpoint, JSON.stringify({version: 3, checkpoint: {latest}}));
  t.deepEqual(pendingOperations(files), [{type: "creating", urn}]);
  t.deepEqual(knownResources(files), [{type: "a:b:C", id: "abc"}]);
});
