import {existsSync, readFileSync, utimesSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {whatToDo} from "./engine.ts";
import {exportLines} from "./environment.ts";
import {withLock} from "./lock.ts";
import {checksumProblem, isRecent} from "./pulumi.ts";
import {makeAll} from "./set-up.ts";
import {searchPath, which} from "./shell.ts";
import type {Status, Step} from "./step.ts";
import {stepsFor} from "./steps.ts";

for (const [version, recent] of [
  ["v3.259.0", true],
  ["3.200.1", true],
  ["v3.199.9", false],
  ["v4.0.0-alpha.1", true],
  ["v2.300.0", false],
  ["", false],
  ["dev", false],
] as const) {
  test(`Pulumi ${version || "without a version"} is ${recent ? "" : "not "}recent`, t =>
    t.is(isRecent(version), recent));
}

test("a download is taken only when its checksum is listed and the same", t => {
  const sums = "aa  ./other.tar.gz\nbb  pulumi.tar.gz\n";
  t.is(checksumProblem(sums, "pulumi.tar.gz", "bb"), undefined);
  t.regex(checksumProblem(sums, "pulumi.tar.gz", "cc")!, /says otherwise/);
  t.regex(checksumProblem(sums, "else.tar.gz", "bb")!, /does not name/);
});

const machine = {root: true, dockerd: true, apt: true};
for (const [name, code, of, host, state, why] of [
  ["dockerd installed", "ENOENT", machine, undefined, "will be made", /will be started/],
  ["Debian without docker", "ENOENT", {...machine, dockerd: false}, undefined, "will be made", /installed from Debian/],
  ["no apt either", "ENOENT", {...machine, dockerd: false, apt: false}, undefined, "by hand", /Install an engine/],
  ["not root", "ECONNREFUSED", {...machine, root: false}, undefined, "by hand", /sudo systemctl start docker/],
  ["no permission", "EACCES", {...machine, root: false}, undefined, "by hand", /usermod -aG docker/],
  ["another host", "ECONNREFUSED", machine, "tcp://lab:2375", "by hand", /unset DOCKER_HOST/],
] as const) {
  test(`engine does not answer: ${name}`, t => {
    const status = whatToDo(Object.assign(new Error("x"), {code}), of, host);
    t.is(status.state, state);
    t.regex(status.state === "ok" ? "" : status.why, why);
  });
}

test("variables are quoted for a shell", t => t.deepEqual(exportLines({A: "it's"}), ["export A='it'\\''s'"]));

test("a lock lets one in at a time, and a lock of a process that is gone is taken over", async t => {
  const path = join(temporaryFolder(), "lock");
  writeFileSync(path, JSON.stringify({pid: 999_999_999, began: "1"}));
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} in`);
    await sleep(50);
    order.push(`${name} out`);
  };
  await Promise.all([withLock(path, 5000, work("a")), withLock(path, 5000, work("b"))]);
  t.is(order[0]!.split(" ")[0], order[1]!.split(" ")[0]);
  t.is(order.length, 4);
});

test("a lock that another one took over is not given back by whoever had it before", async t => {
  const path = join(temporaryFolder(), "lock");
  await withLock(path, 1000, async () => writeFileSync(path, "another one's"));
  t.is(readFileSync(path, "utf8"), "another one's");
});

test("many that wait for a lock of a process that is gone come in one at a time", async t => {
  const path = join(temporaryFolder(), "lock");
  writeFileSync(path, JSON.stringify({pid: 999_999_999, began: "1"}));
  let [inside, most, done] = [0, 0, 0];
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
    done++;
  };
  await Promise.all(Array.from({length: 8}, () => withLock(path, 20_000, work)));
  t.deepEqual([most, done], [1, 8]);
  t.false(existsSync(path));
});

test("a lock that says nothing is taken over once whoever made it must have been killed", async t => {
  const path = join(temporaryFolder(), "lock");
  writeFileSync(path, "");
  await t.throwsAsync(
    withLock(path, 100, async () => {}),
    {message: /Process \? has held/},
  );
  const before = new Date(Date.now() - 6000);
  utimesSync(path, before, before);
  t.is(await withLock(path, 1000, async () => 7), 7);
  t.false(existsSync(path));
});

test("a lock that is held too long is an error that names the process", async t => {
  const path = join(temporaryFolder(), "lock");
  await withLock(path, 1000, async () => {
    const error = await t.throwsAsync(withLock(path, 100, async () => {}));
    t.regex(error.message, new RegExp(`Process ${process.pid} has held`));
  });
});

function step(id: string, after: string[], log: string[], fails = false): Step {
  let made = false;
  return {
    id,
    title: id,
    after,
    fix: "",
    check: async (): Promise<Status> => (made ? {state: "ok", version: "1"} : {state: "will be made", why: ""}),
    async make() {
      log.push(`${id} begins`);
      await sleep(20);
      if (fails) throw new Error(`${id} broke`);
      made = true;
      log.push(`${id} ends`);
    },
  };
}

test("steps wait for what they come after; independent ones run at the same time", async t => {
  const log: string[] = [];
  const ended: string[] = [];
  const prefix = `test-${process.pid}-`;
  const steps = [step(`${prefix}c`, [`${prefix}b`], log), step(`${prefix}a`, [], log), step(`${prefix}b`, [], log)];
  await makeAll(steps, {started() {}, said() {}, ended: s => ended.push(s.id)});
  t.true(log.indexOf(`${prefix}c begins`) > log.indexOf(`${prefix}b ends`));
  t.true(log.indexOf(`${prefix}a begins`) < log.indexOf(`${prefix}b ends`));
  t.is(ended.length, 3);
});

test("what comes after a failed step is left out, and the first error is thrown", async t => {
  const log: string[] = [];
  const prefix = `fail-${process.pid}-`;
  const steps = [step(`${prefix}a`, [], log, true), step(`${prefix}b`, [`${prefix}a`], log)];
  const error = await t.throwsAsync(makeAll(steps, {started() {}, said() {}, ended() {}}));
  t.regex(error.message, /a broke/);
  t.deepEqual(log, [`${prefix}a begins`]);
});

test("named steps bring what they come after", t => {
  const log: string[] = [];
  const all = [step("a", [], log), step("b", ["a"], log), step("c", [], log)];
  t.deepEqual(
    stepsFor(["b"], all).map(s => s.id),
    ["a", "b"],
  );
});

test.serial("what the system keeps beside PATH is found", t => {
  t.is(searchPath("/bin:/usr/sbin"), "/bin:/usr/sbin:/usr/local/sbin:/sbin");
  t.is(searchPath(""), "/usr/local/sbin:/usr/sbin:/sbin");
  const before = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    // Every Linux has it there, and no ordinary user has that on PATH.
    t.regex(which("ldconfig") ?? "", /sbin\/ldconfig$/);
  } finally {
    process.env.PATH = before;
  }
});
