import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {foreignObjects} from "./foreign.ts";
import type {StackObject} from "./objects.ts";

function state(ids: string[], pending = 0) {
  const folder = temporaryFolder();
  const files = {checkpoint: join(folder, "lab.json"), locks: folder};
  const latest = {
    resources: ids.map(id => ({type: "docker:index/container:Container", id})),
    pending_operations: Array.from({length: pending}, () => ({type: "creating", resource: {urn: "urn"}})),
  };
  writeFileSync(files.checkpoint, JSON.stringify({checkpoint: {latest}}));
  return files;
}
const network: StackObject = {kind: "network", id: "n1", name: "lab-back"};
const member: StackObject = {kind: "container", id: "c1", name: "lab-galera-0", role: "main"};
const volume: StackObject = {kind: "volume", id: "lab-data", name: "lab-data"};
const client: StackObject = {kind: "container", id: "w1", name: "holdfast-x", role: "workload", run: "x"};

test("what stands and is in no state is another's", t => {
  t.deepEqual(foreignObjects(state([]), [network, member, volume]), [network, member]);
  const starter: StackObject = {kind: "container", id: "s1", name: "lab-starter", role: "starter"};
  t.deepEqual(foreignObjects(state([]), [starter]), [starter]);
  t.deepEqual(foreignObjects(state(["gone"]), [network]), [network], "nor is it one's own because something else was");
});

test("what the state has, or a part of it, is one's own with all that goes with it", t => {
  t.deepEqual(foreignObjects(state(["n1"]), [network, member, volume]), []);
});

test("what an update that was killed may have made is one's own", t => {
  t.deepEqual(foreignObjects(state([], 2), [network, member]), []);
  t.is(foreignObjects(state([], 1), [network, member]).length, 2, "it cannot have made two");
});

test("leftovers of a stack that is gone are nobody's", t => {
  t.deepEqual(foreignObjects(state([]), [volume, client]), []);
});

test("other backends than files are not known", t => t.deepEqual(foreignObjects(undefined, [network]), []));
