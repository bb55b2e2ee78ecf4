import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {namesIn} from "./options.ts";
import {newestResults, type Results, writeResults} from "./results.ts";
import {WorkFolder} from "./work.ts";

const folder = temporaryFolder();

test("pieces are kept, also when the same bench is opened again", t => {
  const place = join(folder, "work");
  const work = WorkFolder.open(place, {commit: "a"});
  work.write("run.x", {n: 1});
  work.write("run.y", {n: 2});
  const again = WorkFolder.open(place, {commit: "a"});
  t.deepEqual(again.read("run.x"), {n: 1});
  t.is(again.read("run.z"), undefined);
  t.is(again.all("run.").length, 2);
  t.deepEqual(WorkFolder.open(place, {commit: "b"}, true).all("run."), []);
});

test("pieces of another commit are refused", t => {
  const place = join(folder, "other");
  WorkFolder.open(place, {commit: "a"}).write("run.x", {});
  t.throws(() => WorkFolder.open(place, {commit: "b"}), {
    message: /has pieces of commit a, and this is commit b\. .*--fresh/,
  });
});

test("the newest results of a bench, by the day in their name", t => {
  const results = (ended: string, bench = "failover"): Results => ({
    ...{version: 1, bench, began: ended, ended, commit: "a", machine: {}},
  });
  t.is(newestResults("failover", folder), undefined);
  const first = writeResults(results("2026-02-01T10:00:00.000Z"), folder);
  t.is(first, join(folder, "failover-2026-02-01.json"));
  writeResults(results("2026-01-31T10:00:00.000Z"), folder);
  writeResults(results("2026-03-01T10:00:00.000Z", "failover-more"), folder);
  writeFileSync(join(folder, "failover-notes.json"), "{}");
  t.is(newestResults<Results>("failover", folder)!.ended, "2026-02-01T10:00:00.000Z");
});

test("names of a list keep the order of what there is, and an unknown one is refused", t => {
  t.deepEqual(namesIn("--faults", "c, a", ["a", "b", "c"]), ["a", "c"]);
  t.deepEqual(namesIn("--faults", undefined, ["a", "b"]), ["a", "b"]);
  t.throws(() => namesIn("--faults", "a,x", ["a", "b"]), {message: /^--faults: has "x"\. It takes "a" or "b"/});
});
