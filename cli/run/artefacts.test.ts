import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import {basename, join} from "node:path";
import test from "ava";
import {holdStacks} from "../../engine/hold.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {sampleFailure, sampleResult} from "../../report/sample.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {Artefacts} from "./artefacts.ts";
import {checkFile, checkFolder, makeRunFolder} from "./folder.ts";

test("after each run there is all that is known until then, in one folder", t => {
  const out = temporaryFolder();
  const artefacts = new Artefacts(out, join(out, "ci", "junit.xml"));
  const results = [sampleResult()];
  t.is(artefacts.keep(results), join(artefacts.folder, "zone-lost", "report.html"));
  t.is(readFileSync(join(out, "ci", "junit.xml"), "utf8").match(/<testsuite /g)!.length, 1);
  artefacts.keep([...results, sampleFailure()]);
  t.is(readFileSync(join(out, "ci", "junit.xml"), "utf8").match(/<testsuite /g)!.length, 2);
  t.deepEqual(readdirSync(artefacts.folder).sort(), [
    "galera-writer-paused",
    "index.html",
    "index.json",
    "junit.xml",
    "zone-lost",
  ]);
  t.is(readlinkSync(join(out, "latest")), basename(artefacts.folder));
  t.deepEqual(readdirSync(out).sort(), ["ci", basename(artefacts.folder), "latest"].sort());
});

test("two commands that start in the same second have a folder each", t => {
  const out = temporaryFolder();
  const now = new Date("2026-11-24T10:00:00Z");
  const ids = ["a", "a", "b"];
  const made = [makeRunFolder(out, now, () => ids.shift()!), makeRunFolder(out, now, () => ids.shift()!)];
  t.deepEqual(
    made.map(m => basename(m)),
    ["2026-11-24T10-00-00-a", "2026-11-24T10-00-00-b"],
  );
  t.is(readlinkSync(join(out, "latest")), "2026-11-24T10-00-00-b");
});

test("a folder that cannot be is refused with 69, before anything is done", t => {
  const out = temporaryFolder();
  const file = join(out, "file");
  writeFileSync(file, "");
  const error = t.throws(() => checkFolder(join(file, "in")), {instanceOf: CliError});
  t.is(error!.code, exitCodes.unavailable);
  t.regex(error!.message, /Cannot write .*: a part of that path is a file: name another folder/);
  t.throws(() => makeRunFolder(file), {instanceOf: CliError, message: /cannot be made/});
  rmSync(file);
  checkFolder(out);
  t.deepEqual(readdirSync(out), []);
});

test("a folder that is only looked at is not there afterwards, and one that somebody uses stays", t => {
  const top = temporaryFolder();
  checkFolder(join(top, "runs", "here"));
  t.deepEqual(readdirSync(top), []);
  mkdirSync(join(top, "runs", "another"), {recursive: true});
  checkFolder(join(top, "runs", "here"));
  t.deepEqual(readdirSync(join(top, "runs")), ["another"]);
});

test("a folder that the system has no place for is refused at once, and so is one without a name", t => {
  const below = t.throws(() => checkFolder("/proc/here/there"), {instanceOf: CliError});
  t.regex(below!.message, /Cannot write \/proc\/here\/there: no folder can be made there: name another one/);
  t.throws(() => makeRunFolder("/proc/here"), {instanceOf: CliError, message: /cannot be made/});
  t.throws(() => checkFolder(""), {instanceOf: CliError, message: /a folder without a name/});
});

test("a JUnit file that cannot be written is refused with 69, before anything is done", t => {
  const out = temporaryFolder();
  for (const [file, message] of [
    ["/proc/here/junit.xml", /no folder can be made there/],
    [out, /there is a folder of that name/],
    ["/dev/null/junit.xml", /Cannot write \/dev\/null: there is a file of that name/],
  ] as const) {
    const error = t.throws(() => checkFile(file), {instanceOf: CliError});
    t.is(error!.code, exitCodes.unavailable);
    t.regex(error!.message, message);
  }
  checkFile(join(out, "below", "junit.xml"));
  t.deepEqual(readdirSync(out), []);
});

const full = existsSync("/dev/full") ? test : test.skip;

full("a full disk is an error with what to do and 69, and leaves nothing half written", t => {
  const out = temporaryFolder();
  symlinkSync("/dev/full", join(out, `.room-${process.pid}`));
  const early = t.throws(() => checkFolder(out), {instanceOf: CliError});
  t.is(early!.code, exitCodes.unavailable);
  t.regex(early!.message, /the disk is full: free some space/);
  t.deepEqual(readdirSync(out), []);

  const artefacts = new Artefacts(out);
  mkdirSync(join(artefacts.folder, "zone-lost"));
  symlinkSync("/dev/full", join(artefacts.folder, "zone-lost", "report.json.part"));
  const late = t.throws(() => artefacts.keep([sampleResult()]), {instanceOf: CliError});
  t.is(late!.code, exitCodes.unavailable);
  t.regex(late!.message, /report\.json: the disk is full/);
  t.deepEqual(readdirSync(join(artefacts.folder, "zone-lost")), []);
});

test("a stack is held from the first scenario to the last; another stack is not in the way", async t => {
  const locks = temporaryFolder();
  const order: string[] = [];
  await holdStacks(
    ["lab/a", "lab/b", "lab/a"],
    async () => {
      const refused = await t.throwsAsync(holdStacks(["lab/b"], async () => order.push("twice"), locks));
      t.is((refused as CliError).code, exitCodes.temporary);
      t.regex(
        refused!.message,
        new RegExp(
          `^Another command is at work on lab/b\\. Wait for it \\(process ${process.pid}.* since 2.*\\), or end it with: kill -INT ${process.pid}$`,
        ),
      );
      await holdStacks(["lab/c"], async () => order.push("other"), locks);
    },
    locks,
  );
  await holdStacks(["lab/b"], async () => order.push("after"), locks);
  t.deepEqual(order, ["other", "after"]);
  const busy = new CliError("docker is busy", exitCodes.temporary);
  t.is(await t.throwsAsync(holdStacks(["lab/a"], () => Promise.reject(busy), locks)), busy);
  t.deepEqual(readdirSync(locks), []);
});
