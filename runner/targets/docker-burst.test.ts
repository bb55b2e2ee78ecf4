import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {HostBurst} from "./docker-burst.ts";

/** A folder as the kernel has it for a control group, with these processes in it. */
function group(...pids: number[]): string {
  const folder = join(temporaryFolder(), "group");
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, "cgroup.procs"), pids.map(pid => `${pid}\n`).join(""));
  return folder;
}

const started = () => spawn("sleep", ["60"], {stdio: "ignore"});
const signalOf = async (child: ChildProcess) => (await once(child, "exit"))[1];

test("every process of every group is told to end, and those that are gone are passed over", async t => {
  const children = [started(), started(), started()];
  const ends = children.map(signalOf);
  const [a, b, c] = children.map(child => child.pid!) as [number, number, number];
  const burst = new HostBurst([{folder: group(a, b, 4194305)}, {folder: group(c)}], async () => {});
  const {from, to, reached} = burst.fire();
  t.deepEqual(await Promise.all(ends), ["SIGKILL", "SIGKILL", "SIGKILL"]);
  t.is(reached, 4);
  t.true(from <= to && Math.abs(Date.now() - to) < 60_000);
});

test("only those that are meant, and whoever has joined a group meanwhile where all are", async t => {
  const [meant, other, late] = [started(), started(), started()];
  const ends = [signalOf(meant), signalOf(late)];
  const whole = group();
  const burst = new HostBurst(
    [{folder: group(meant.pid!, other.pid!), only: new Set([meant.pid!])}, {folder: whole}],
    async () => {},
  );
  writeFileSync(join(whole, "cgroup.procs"), `${late.pid}\n`);
  t.is(burst.fire().reached, 2);
  t.deepEqual(await Promise.all(ends), ["SIGKILL", "SIGKILL"]);
  t.is(other.exitCode ?? other.signalCode, null);
  other.kill("SIGKILL");
});

test("where the kernel ends a whole group at one word, it gets that word", t => {
  const folder = group(4194305);
  writeFileSync(join(folder, "cgroup.kill"), "");
  t.is(new HostBurst([{folder}], async () => {}).fire().reached, 1);
  t.is(readFileSync(join(folder, "cgroup.kill"), "utf8"), "1");
});

test("a container that is gone keeps nobody from ending", async t => {
  const child = started();
  const ended = signalOf(child);
  const gone = join(temporaryFolder(), "gone");
  t.is(new HostBurst([{folder: gone}, {folder: group(child.pid!)}], async () => {}).fire().reached, 1);
  t.is(await ended, "SIGKILL");
});
