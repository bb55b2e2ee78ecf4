import {spawn} from "node:child_process";
import {readFileSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {isAlive, type ProcessId, thisProcess} from "./alive.ts";

test("this process lives, and is no other with its number", t => {
  t.true(isAlive(thisProcess()));
  t.false(isAlive({...thisProcess(), started: "1"}));
});

test("one that has ended is dead before its parent asks for it", async t => {
  // The shell becomes a program that never waits for its child.
  const parent = spawn("sh", ["-c", "node -e 'setTimeout(() => {}, 500)' & echo $!; exec sleep 30"]);
  const pid = await new Promise<number>(resolve => parent.stdout.once("data", text => resolve(Number(text))));
  const stat = () =>
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  const child: ProcessId = {pid, started: stat()[19]!};
  t.true(isAlive(child));
  for (let i = 0; i < 100 && stat()[0] !== "Z"; i++) await sleep(100);
  t.is(stat()[0], "Z");
  t.false(isAlive(child));
  parent.kill();
});
