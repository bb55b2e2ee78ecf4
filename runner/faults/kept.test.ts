import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {FakeTarget} from "../../test/fake-target.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {keepFor} from "./kept.ts";

const member = fakeTopology.components[0]!.members[0]!;

/** Runs scripts in a shell of this machine. */
class ShellTarget extends FakeTarget {
  override inNetwork(_member: TopologyMember, script: string): Promise<CommandOutput> {
    return new Promise(resolve =>
      execFile("sh", ["-c", script], (error, stdout, stderr) =>
        resolve({code: error ? Number(error.code) : 0, stdout, stderr}),
      ),
    );
  }
}

const scriptsFor = (file: string) => ({
  // As rules are written: with text of several lines, and ends of its own.
  apply: `[ -n "${file}" ] || exit 3\ncat >${file} <<END\nrules\nEND`,
  provoke: `echo provoked >>${file}`,
  show: `cat ${file} 2>/dev/null || exit 4`,
  undo: `[ -e ${file} ] || exit 0; rm ${file}`,
  judge: (shown: string) => ({done: shown}),
});

test("put in, kept, shown and taken out again, in one command", async t => {
  const file = join(temporaryFolder(), "rules");
  const {from, to, shown} = await keepFor(new ShellTarget(), member, scriptsFor(file), 500);
  t.true(to - from >= 500, `${to - from} ms`);
  t.true(Math.abs(to - Date.now()) < 60_000);
  t.is(shown, "rules\nprovoked");
  t.false(existsSync(file));
});

test("what was undone meanwhile by another is over all the same, and showed nothing", async t => {
  const file = join(temporaryFolder(), "rules");
  const {shown} = await keepFor(new ShellTarget(), member, {...scriptsFor(file), provoke: `rm ${file}`}, 300);
  t.is(shown, "");
});

test("what cannot be put in is told at once", async t => {
  const apply = "echo no such kernel >&2; exit 1";
  const kept = keepFor(new ShellTarget(), member, {...scriptsFor("/dev/null"), apply}, 60_000);
  await t.throwsAsync(kept, {message: /its network could not be changed: no such kernel/});
});
