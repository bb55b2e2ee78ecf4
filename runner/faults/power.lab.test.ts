import {existsSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import test, {type ExecutionContext} from "ava";
import Docker from "dockerode";
import {createConnection} from "mariadb";
import {until} from "../../lib/limit.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {loopNumber} from "../../platforms/docker/loop-disk.ts";
import {clear} from "../../test/clear.ts";
import {makeLoopDisk, removeLoopDisk} from "../../test/loop-disk.ts";
import {healHit} from "../heal.ts";
import {DockerTarget} from "../targets/docker.ts";
import type {Victim} from "./fault.ts";
import {power} from "./power.ts";

const docker = new Docker();
const target = new DockerTarget({}, docker);
const disks = ["rp-plain", "rp-synced", "rp-direct", "rp-one", "rp-two"];
const uid = 999;

const member = (name: string): TopologyMember => ({
  name,
  zone: "a",
  addresses: {},
  health: ["true"],
  handle: {
    platform: "docker",
    faults: ["power"],
    disk: {megabytes: 256, kind: "loop"},
    containers: {main: `${name}-main`, companions: {}, disk: `${name}-disk`},
  },
});

async function clean(): Promise<void> {
  await clear({containers: disks.map(name => `${name}-main`)});
  await Promise.all(disks.map(removeLoopDisk));
}
test.before(clean);
test.after.always(clean);

/** Starts what uses the disk as its only right to it: a volume at /data. */
async function start(name: string, image: string, script: string, memory: number): Promise<Docker.Container> {
  await makeLoopDisk(name, 256, uid);
  const container = await docker.createContainer({
    name: `${name}-main`,
    Image: recipeOf(image).tag,
    User: `${uid}:0`,
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    StopTimeout: 1,
    HostConfig: {
      Init: true,
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Tmpfs: {"/tmp": "mode=1777"},
      Binds: [`${name}:/data`],
      Memory: memory * 1024 * 1024,
    },
  });
  await container.start();
  return container;
}

/** Cuts the power, sees that it is off, and gives it back; what was running is started again. */
async function cut(t: ExecutionContext, names: readonly string[], after: (name: string) => Promise<void>) {
  const members = names.map(member);
  t.is(await power.able!(target, members, {}), undefined);
  const victims: Victim[] = await Promise.all(
    members.map(async one => ({member: one, params: {}, before: await target.look(one)})),
  );
  for (const victim of victims) t.true("seen" in (await power.evidence(target, victim)));
  // As a run does it: a busy docker takes seconds to kill, in which ext4 writes its journal by itself.
  const aims = await Promise.all(victims.map(victim => power.aim!(target, victim)));
  const burst = await target.aim(aims.flatMap(aim => aim ?? []));
  if ("why" in burst) throw new Error(`The power cannot be cut in one instant: ${burst.why}.`);
  await burst.arm();
  const shot = burst.fire();
  await Promise.all(victims.map(victim => power.inject(target, Object.assign(victim, {shot}))));
  for (const victim of victims) {
    const seen = await until(victim.member.name, {limitMs: 10_000, everyMs: 50}, () => power.evidence(target, victim));
    t.regex(seen, /ended, its disk lost its power \d+\.\d ms later$/);
    t.log(seen);
  }
  await Promise.all(names.map(after));
  for (const victim of victims) {
    await healHit(target, power, victim);
    t.true("seen" in (await power.evidence(target, victim)));
  }
}

/** Acknowledges what it has written, a line each, by its log: what docker has of that outlives the disk. */
const writers: Record<string, string> = {
  // The shell opens the file once, and nobody syncs it.
  "rp-plain": "exec 3>>/data/lines; i=0; while :; do i=$((i+1)); echo $i >&3; echo $i; sleep 0.01; done",
  "rp-synced": "i=0; while :; do i=$((i+1)); echo $i >>/data/lines; sync /data/lines; echo $i; done",
  // Past the page cache, into a file that grows: where its data is stands in the journal alone, which nobody asked for.
  "rp-direct":
    "i=0; while :; do i=$((i+1)); printf '%4095s\\n' $i | dd of=/data/lines bs=4096 iflag=fullblock oflag=append,direct conv=notrunc status=none && echo $i; done",
};

test.serial("what was synced survives, what was not is gone: lines of small writers", async t => {
  const names = Object.keys(writers);
  for (const name of names) await start(name, "base", `${writers[name]}\n`, 64);
  await sleep(3000);
  // ext4 writes its journal by itself 5 s after it began: it begins now, and does not get there.
  await Promise.all(names.map(name => target.exec(member(name), ["sync", "-f", "/data"], 60_000)));
  await sleep(1500);
  const acknowledged: Record<string, number> = {};
  const kept: Record<string, number> = {};
  await cut(t, names, async name => {
    acknowledged[name] = lastLine(
      (await docker.getContainer(`${name}-main`).logs({stdout: true, tail: 1})).toString("latin1"),
    );
  });
  for (const name of names) {
    // They run again, and go on from 1: what they had is in front.
    const {stdout} = await target.exec(member(name), ["sh", "-c", "tr -d ' ' </data/lines"], 10_000);
    kept[name] = longestCount(stdout);
    t.log(`${name}: ${acknowledged[name]} acknowledged, ${kept[name]} kept`);
    t.true(acknowledged[name]! > 20);
  }
  t.true(kept["rp-plain"]! < acknowledged["rp-plain"]!);
  t.true(kept["rp-direct"]! < acknowledged["rp-direct"]!);
  t.true(kept["rp-synced"]! >= acknowledged["rp-synced"]!);
});

const lastLine = (raw: string) => Number(/(\d+)\s*$/.exec(raw)?.[1]);

/** How far the first count in the lines goes. */
function longestCount(text: string): number {
  const lines = text.split("\n").map(Number);
  const end = lines.findIndex((line, i) => line !== i + 1);
  return end < 0 ? lines.length : end;
}

const mariaDb = (flush: number) =>
  [
    "[ -d /data/mysql ] || mariadb-install-db --no-defaults --datadir=/data --skip-test-db --skip-name-resolve --auth-root-authentication-method=normal >/dev/null",
    // MariaDB reads one statement a line.
    `printf "%s\\n" "CREATE DATABASE IF NOT EXISTS app;" "CREATE OR REPLACE USER app@'%';" "GRANT ALL ON app.* TO app@'%';" >/tmp/init`,
    `exec mariadbd --no-defaults --datadir=/data --socket=/tmp/socket --bind-address=0.0.0.0 --skip-name-resolve --init-file=/tmp/init --innodb-log-file-size=32M --innodb-flush-log-at-trx-commit=${flush}`,
  ].join("; ");

test.serial("MariaDB loses acknowledged rows at flushLogAtTrxCommit 2, and none at 1", async t => {
  const settings = {"rp-one": 1, "rp-two": 2};
  const lost: Record<string, number> = {};
  await Promise.all(Object.entries(settings).map(([name, flush]) => start(name, "galera", mariaDb(flush), 512)));
  const clients = await Promise.all(Object.keys(settings).map(async name => ({name, ...(await insertInto(name))})));
  await sleep(4300);
  await cut(t, Object.keys(settings), async name => {
    await clients.find(c => c.name === name)!.ended;
  });
  for (const {name, rows} of clients) {
    const connection = await connected(name);
    const [{n}] = await connection.query("SELECT COUNT(*) AS n FROM app.t WHERE id <= ?", [rows()]);
    lost[name] = rows() - Number(n);
    t.log(`${name}: ${rows()} rows acknowledged, ${lost[name]} lost`);
    t.true(rows() > 20);
    connection.destroy();
  }
  t.is(lost["rp-one"], 0);
  t.true(lost["rp-two"]! > 0);
});

/** One client that inserts row after row until it is cut off. */
async function insertInto(name: string): Promise<{rows: () => number; ended: Promise<void>}> {
  const connection = await connected(name);
  await connection.query("CREATE TABLE app.t (id INT PRIMARY KEY) ENGINE=InnoDB");
  let rows = 0;
  const insert = async () => {
    for (;;) {
      await connection.query("INSERT INTO app.t VALUES (?)", [rows + 1]);
      rows++;
    }
  };
  return {rows: () => rows, ended: insert().catch(() => connection.destroy())};
}

async function connected(name: string) {
  return until(name, {limitMs: 90_000, everyMs: 500}, async () => {
    const host = (await docker.getContainer(`${name}-main`).inspect()).NetworkSettings.Networks.bridge!.IPAddress;
    return createConnection({host, user: "app", connectTimeout: 2000}).then(
      // Its end is what the test is about.
      done => ({done: done.on("error", () => {}) as typeof done}),
      error => ({seen: String(error)}),
    );
  });
}

test.serial("a keeper that is killed leaves no device in use, and one that is stopped leaves none", async t => {
  await clear({containers: ["rp-plain-main"]});
  const device = `/sys/block/loop${loopNumber("rp-plain")}`;
  t.true(existsSync(`${device}/loop/backing_file`));
  await docker.getContainer("rp-plain-disk").kill();
  await until(device, {limitMs: 10_000, everyMs: 50}, async () =>
    existsSync(`${device}/loop/backing_file`) ? {seen: "a file is attached to it"} : {done: true},
  );
  await docker.getContainer("rp-plain-disk").start();
  await until(device, {limitMs: 30_000, everyMs: 50}, async () =>
    existsSync(`${device}/loop/backing_file`) ? {done: true} : {seen: "no file is attached to it"},
  );
  // As long as the platform gives it: a busy machine takes its time to unmount.
  await docker.getContainer("rp-plain-disk").stop({t: 45});
  const {ExitCode} = (await docker.getContainer("rp-plain-disk").inspect()).State;
  const logs = await docker.getContainer("rp-plain-disk").logs({stdout: true, stderr: true});
  t.false(existsSync(device), `exit code ${ExitCode}; ${logs}`);
});
