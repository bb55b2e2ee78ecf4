import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {copyScript, lookScript, readLook, replaceScript, restoreScript} from "./volume-scripts.ts";

/** A volume with data, and one beside it with another content made ready. */
function folders() {
  const [volume, kept] = [join(temporaryFolder(), "volume"), join(temporaryFolder(), "kept")];
  mkdirSync(join(volume, "data"), {recursive: true});
  mkdirSync(join(kept, "foreign"), {recursive: true});
  writeFileSync(join(volume, "data/rows"), "ours\n");
  writeFileSync(join(volume, "token"), "");
  writeFileSync(join(kept, "foreign/rows"), "theirs\n");
  const env = {...process.env, volume, kept};
  return {
    volume,
    kept,
    run: (script: string) =>
      execFileSync("sh", ["-c", script], {env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"]}),
    /** Runs the first `lines` of a script, as one that is cut there does. */
    cut: (script: string, lines: number) =>
      spawnSync("sh", ["-c", script.split("\n").slice(0, lines).join("\n")], {env}),
    look: () => readLook(execFileSync("sh", ["-c", lookScript], {env, encoding: "utf8"})),
    ours: () => readFileSync(join(volume, "data/rows"), "utf8") === "ours\n" && readdirSync(volume).length === 2,
  };
}

test("empty: nothing is left, and what was there is aside until it is over", t => {
  const {run, look, volume, kept} = folders();
  t.deepEqual(look(), {files: 2, replaced: false, same: []});
  run(replaceScript("empty"));
  t.deepEqual(readdirSync(volume), []);
  t.deepEqual(look(), {files: 0, replaced: true, same: ["empty"], aside: {files: 2, same: false}});
  run(restoreScript(false));
  t.deepEqual(readdirSync(volume), []);
  t.deepEqual(look(), {files: 0, replaced: false, same: ["empty"]});
  t.is(readFileSync(join(kept, "before/data/rows"), "utf8"), "ours\n");
});

test("foreign: another content, and its own again", t => {
  const {run, look, volume, ours} = folders();
  run(replaceScript("foreign"));
  t.is(readFileSync(join(volume, "rows"), "utf8"), "theirs\n");
  t.deepEqual(look(), {files: 1, replaced: true, same: ["foreign"], aside: {files: 2, same: false}});
  run(restoreScript(true));
  t.true(ours());
  t.deepEqual(look(), {files: 2, replaced: false, same: []});
});

test("old: as it was when it was copied, and told from what is there now", t => {
  const {run, look, volume, kept, ours} = folders();
  writeFileSync(join(kept, "list.1"), "");
  run(copyScript);
  run(replaceScript("old"));
  t.deepEqual(look(), {files: 2, replaced: true, same: ["old"], aside: {files: 2, same: true}});
  run(restoreScript(false));
  writeFileSync(join(volume, "data/rows"), "ours, and more\n");
  t.deepEqual(look(), {files: 2, replaced: false, same: []});
  run(replaceScript("old"));
  t.true(ours());
  t.deepEqual(look(), {files: 2, replaced: true, same: ["old"], aside: {files: 2, same: false}});
});

test("a copy while something is written is none, and says what was", t => {
  const {volume, kept, cut} = folders();
  const env = {...process.env, volume, kept};
  const written = copyScript.replace("cp -a", 'echo more >>"$volume/data/rows"; cp -a');
  const {status, stdout} = spawnSync("sh", ["-c", written], {env, encoding: "utf8"});
  t.is(status, 5);
  t.is(stdout, "data/rows\n");
  t.false(existsSync(join(kept, "old")));
  t.is(cut(copyScript, 99).status, 0);
});

for (const content of ["empty", "foreign"] as const) {
  const lines = replaceScript(content).split("\n").length;
  for (let at = 1; at < lines; at++)
    test(`${content}: cut after line ${at} of ${lines}, what was there is there again once it is undone`, t => {
      const {cut, run, look, ours} = folders();
      // An earlier one that is over has left its traces, which must not be put back.
      run(replaceScript("empty"));
      run(restoreScript(true));
      cut(replaceScript(content), at);
      run(restoreScript(content === "foreign"));
      t.true(ours());
      t.false(look().replaced);
    });
}

for (const always of [true, false]) {
  const lines = restoreScript(always).split("\n").length;
  test(`undoing${always ? "" : " a replacement that was cut"}, itself cut after any of ${lines} lines, is done by the next one`, t => {
    for (let at = 1; at < lines; at++) {
      const {cut, run, ours, kept} = folders();
      run(replaceScript("foreign"));
      if (!always) rmSync(join(kept, "done"));
      cut(restoreScript(always), at);
      run(restoreScript(always));
      t.true(ours(), `after line ${at}`);
    }
  });
}

test("undoing what is undone changes nothing", t => {
  const {run, ours, volume} = folders();
  run(replaceScript("foreign"));
  run(restoreScript(true));
  writeFileSync(join(volume, "data/rows"), "ours\n");
  run(restoreScript(true));
  run(restoreScript(false));
  t.true(ours());
});
