import {execFile} from "node:child_process";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {promisify} from "node:util";
import test from "ava";
import {load} from "js-yaml";
import {projectRoot} from "../lib/paths.ts";

const page = readFileSync(join(projectRoot, "docs/ci.md"), "utf8");
const blocks = [...page.matchAll(/```(yaml|sh)\n(.*?)```/gs)].map(([, kind, text]) => ({kind: kind!, text: text!}));
const documents = blocks.filter(b => b.kind === "yaml").map(b => load(b.text) as Record<string, unknown>);
const github = documents.find(d => "jobs" in d) as {
  jobs: Record<string, {steps: {run?: string; uses?: string; if?: string; with?: Record<string, string>}[]}>;
};
const gitlab = documents.find(d => !("jobs" in d))!.prove as {
  script: string[];
  after_script: string[];
  artifacts: {when: string; paths: string[]; exclude: string[]; reports: {junit: string}};
};
const steps = Object.values(github.jobs).flatMap(job => job.steps);

/** Every call of `./holdfast` in the page, as its words. */
const calls = [
  ...blocks.filter(b => b.kind === "sh").flatMap(b => b.text.split("\n")),
  ...steps.flatMap(step => step.run ?? []),
  ...gitlab.script,
  ...gitlab.after_script,
]
  .filter(line => line.startsWith("./holdfast "))
  .map(line => line.split(/\s+/).slice(1));

const argumentOf = (words: string[], option: string) => {
  const next = words[words.indexOf(option) + 1];
  return words.includes(option) && !next?.startsWith("--") ? next : undefined;
};

async function help(command: string): Promise<string> {
  const main = join(projectRoot, "cli/main.ts");
  return (await promisify(execFile)(process.execPath, [main, command, "--help"])).stdout;
}

test("there is an example for each CI, and it calls Holdfast", t => {
  t.is(documents.length, 2);
  t.true(calls.length >= 8);
});

for (const command of new Set(calls.map(([name]) => name!))) {
  test(`the command ${command} exists with every option that the page uses`, async t => {
    const text = await help(command);
    t.true(text.startsWith(`Usage: holdfast ${command} `), text);
    const options = calls.filter(([name]) => name === command).flatMap(words => words.filter(w => w.startsWith("--")));
    for (const option of options) t.regex(text, new RegExp(`\\s${option}\\b`), option);
  });
}

test("GitHub uploads what the run writes, whatever its verdict, and the link to it is not followed", t => {
  const run = steps.find(step => step.run?.includes(" run "))!;
  const upload = steps.find(step => step.uses?.startsWith("actions/upload-artifact@"))!;
  const out = argumentOf(run.run!.split(/\s+/), "--out");
  t.deepEqual(upload.with!.path!.trim().split("\n"), [`${out}/`, `!${out}/latest`]);
  t.is(upload.if, "always()");
  t.is(steps.find(step => step.run?.includes(" down "))!.if, "always()");
});

test("GitLab keeps what the run writes, and reads the JUnit file where it is", t => {
  const words = gitlab.script[0]!.split(/\s+/);
  const out = argumentOf(words, "--out");
  t.deepEqual(gitlab.artifacts.paths, [`${out}/`]);
  t.deepEqual(gitlab.artifacts.exclude, [`${out}/latest`]);
  t.is(gitlab.artifacts.reports.junit, argumentOf(words, "--junit")!);
  t.true(gitlab.artifacts.reports.junit.startsWith(`${out}/`));
  t.is(gitlab.artifacts.when, "always");
});

test("the exit codes of the page are those of --help", async t => {
  const {stdout} = await promisify(execFile)(process.execPath, [join(projectRoot, "cli/main.ts"), "--help"]);
  for (const [, code] of page.matchAll(/^\| (\d+) \| /gm)) t.regex(stdout, new RegExp(`\\b${code}  `), code);
});
