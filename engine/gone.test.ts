import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {countGone} from "./gone.ts";

const resources = [
  {type: "docker:index/container:Container", id: "c1"},
  {type: "docker:index/network:Network", id: "n1"},
  {type: "docker:index/volume:Volume", id: "lab-data"},
  {type: "docker:index/remoteImage:RemoteImage", id: "i1"},
  {type: "holdfast:docker:Gate", id: "g1"},
];

function stack() {
  const folder = temporaryFolder();
  const files = {checkpoint: join(folder, "lab.json"), locks: folder};
  writeFileSync(files.checkpoint, JSON.stringify({checkpoint: {latest: {resources}}}));
  return {reference: {project: "lab", name: "lab", label: "lab/lab", folder: "/stacks/lab"}, files};
}

test("gone is what the state has of docker and the engine has not", t => {
  t.is(countGone(stack(), [{id: "c1"}, {id: "other"}]), 2);
  t.is(countGone(stack(), [{id: "c1"}, {id: "n1"}, {id: "lab-data"}]), 0);
  t.is(countGone({...stack(), files: undefined}, []), 0, "another backend than files: not known");
});

test("a stack of which nothing is left is refused, with the way to begin anew", t => {
  const error = t.throws(() => countGone(stack(), []));
  t.regex(
    error!.message,
    /Everything of lab\/lab was removed by hand: none of the 3 .*\.\/holdfast down lab && \.\/holdfast up lab$/,
  );
});
