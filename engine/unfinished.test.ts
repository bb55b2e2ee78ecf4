import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {CliError, exitCodes} from "../lib/exit.ts";
import {labels} from "../lib/names.ts";
import {temporaryFolder} from "../test/folder.ts";
import {dropDown, isHalfDown, noteDown, refuseHalfDown, saidOfHalfDown} from "./unfinished.ts";

const volume = (name: string, role?: string) => ({
  urn: `urn:pulumi:lab::lab::docker:index/volume:Volume::${name}`,
  type: "docker:index/volume:Volume",
  id: `lab-${name}`,
  inputs: {labels: [{label: labels.stack, value: "lab/lab"}, ...(role ? [{label: labels.role, value: role}] : [])]},
});
const job = {
  urn: "urn:pulumi:lab::lab::holdfast:docker:Job::bootstrap",
  type: "holdfast:docker:Job",
  id: "lab-bootstrap",
  inputs: {labels: [{label: labels.role, value: "job"}]},
};
const container = {
  urn: "urn:pulumi:lab::lab::docker:index/container:Container::m0",
  type: "docker:index/container:Container",
  id: "c",
};
const all = [volume("m0-data"), volume("m1-data"), volume("m0-files", "main"), job, container];

/** A stack whose state can be changed, and the folder where what is begun is noted. */
function stack(resources: object[] = all) {
  const folder = temporaryFolder();
  const files = {checkpoint: join(folder, "lab.json"), locks: folder};
  const keep = (kept: object[]) =>
    writeFileSync(files.checkpoint, JSON.stringify({checkpoint: {latest: {resources: kept}}}));
  keep(resources);
  return {it: {reference: {project: "lab", name: "lab", label: "lab/lab", folder: "/stacks/lab"}, files}, keep, folder};
}

test("a stack that no down has begun on is not refused", t => {
  const {it, folder} = stack();
  t.false(isHalfDown(it, folder));
  t.notThrows(() => refuseHalfDown(it, folder));
});

test("a down that deleted no data is gone on from: containers and files are made again", t => {
  const {it, keep, folder} = stack();
  noteDown(it, folder);
  keep([volume("m0-data"), volume("m1-data"), job]);
  t.true(isHalfDown(it, folder));
  t.notThrows(() => refuseHalfDown(it, folder));
});

for (const [what, kept, names] of [
  ["a volume", [volume("m0-data"), job], "m1-data"],
  ["the one-shot", [volume("m0-data"), volume("m1-data")], "bootstrap"],
] as const) {
  test(`a down that deleted ${what} is to be ended, with the command`, t => {
    const {it, keep, folder} = stack();
    noteDown(it, folder);
    keep([...kept]);
    const error = t.throws(() => refuseHalfDown(it, folder), {instanceOf: CliError});
    t.is((error as CliError).code, exitCodes.unavailable);
    t.regex(
      error!.message,
      new RegExp(`1 of the 3 .* are gone: ${names}\\..*: \\./holdfast down lab && \\./holdfast up lab$`),
    );
  });
}

test("a second down that does not end either forgets nothing of the first", t => {
  const {it, keep, folder} = stack();
  noteDown(it, folder);
  keep([volume("m0-data"), job]);
  noteDown(it, folder);
  t.throws(() => refuseHalfDown(it, folder), {message: /1 of the 3 .* m1-data/});
});

test("a down that ended, or an up that made the stack whole, drops the note", t => {
  const {it, keep, folder} = stack();
  noteDown(it, folder);
  keep([]);
  dropDown(it, folder);
  t.notThrows(() => refuseHalfDown(it, folder));
});

test("an update that fails after a half down says what helps for certain; any other error stays as it is", async t => {
  const {it, folder} = stack();
  const failing = (code: number) => saidOfHalfDown(it, () => Promise.reject(new CliError("m0 failed", code)), folder);
  await t.throwsAsync(failing(exitCodes.fail), {message: "m0 failed"});
  noteDown(it, folder);
  await t.throwsAsync(failing(exitCodes.fail), {message: /^m0 failed\n.*did not end.*\.\/holdfast down lab && /});
  await t.throwsAsync(failing(exitCodes.interrupted), {message: "m0 failed"});
});

test("other backends than files: not known", t => {
  const {it, folder} = stack();
  noteDown({...it, files: undefined}, folder);
  t.false(isHalfDown(it, folder));
});
