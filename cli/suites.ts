import {spawn} from "node:child_process";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {showMs} from "../lib/durations.ts";
import {projectRoot} from "../lib/paths.ts";
import {note} from "./output.ts";
import {environment} from "./setup/environment.ts";

export interface Count {
  passed: number;
  failed: number;
}

/** One set of checks. */
export interface Suite {
  name: string;
  needsEngine: boolean;
  /** `say` gets its lines. */
  run(say: (line: string) => void): Promise<Count>;
}

/** What `holdfast test` runs, in this order: what is quick to fail comes first. */
export const suites: Suite[] = [
  whole("types", "tsc", ["--noEmit"]),
  whole("style", "biome", ["check", "."]),
  whole("dead code", "knip", ["--include", "files,dependencies,exports,types", "--no-config-hints"]),
  ava("tests", [], false),
  // The property that evictions rest on, over far more histories than there is time for while one works.
  ava("safety of evictions", ["controllers/galera-watcher/safety.test.ts"], true, {HOLDFAST_RUNS: "10000"}),
  // The same for how a cluster comes back.
  ava("safety of recoveries", ["controllers/galera-watcher/recovery/safety.test.ts"], true, {HOLDFAST_RUNS: "4000"}),
  ava("lab tests", ["--config", "ava.lab.config.js"], true),
];

/** A program that counts as one check. */
function whole(name: string, program: string, args: string[]): Suite {
  return {
    name,
    needsEngine: false,
    async run(say) {
      const began = Date.now();
      const {code, lines} = await output(program, args);
      if (code !== 0) for (const line of lines.slice(0, 60)) say(`  ${line}`);
      say(`${code === 0 ? "ok" : "not ok"} - ${name} (${showMs(Date.now() - began)})`);
      return code === 0 ? {passed: 1, failed: 0} : {passed: 0, failed: 1};
    },
  };
}

/** Tests of ava, counted from its TAP output: one line each as they end. */
function ava(name: string, args: string[], needsEngine: boolean, more: Record<string, string> = {}): Suite {
  return {
    name,
    needsEngine,
    async run(say) {
      const began = Date.now();
      const count = {passed: 0, failed: 0};
      const {code} = await output(
        "ava",
        ["--tap", ...args],
        {...(needsEngine ? await environment() : {}), ...more},
        line => {
          const result = tapResult(line);
          if (result === "passed" || result === "failed") count[result]++;
          if (result !== "passed" && line !== "") say(`  ${line}`);
          else if (needsEngine) say(`  ${line}`);
        },
      );
      // A file that could not be loaded has no line of its own in some cases: the exit code still counts.
      if (code !== 0 && count.failed === 0) count.failed = 1;
      say(
        `${code === 0 ? "ok" : "not ok"} - ${name}: ${count.passed} passed, ${count.failed} failed (${showMs(Date.now() - began)})`,
      );
      return count;
    },
  };
}

/** What a line of TAP says; undefined for any other line, and for tests that are skipped or still to be written. */
export function tapResult(line: string): "passed" | "failed" | undefined {
  const match = /^(not )?ok \d+/.exec(line);
  if (!match) return undefined;
  if (/# (SKIP|TODO)/i.test(line)) return undefined;
  return match[1] ? "failed" : "passed";
}

/** The sum over all suites. */
export function addUp(counts: readonly Count[]): Count {
  return {passed: counts.reduce((sum, c) => sum + c.passed, 0), failed: counts.reduce((sum, c) => sum + c.failed, 0)};
}

async function output(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  onLine: (line: string) => void = () => {},
) {
  const child = spawn(join(projectRoot, "node_modules", ".bin", program), args, {
    cwd: projectRoot,
    env: {...process.env, ...env},
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    onLine(line);
  };
  createInterface({input: child.stdout}).on("line", keep);
  createInterface({input: child.stderr}).on("line", line => {
    lines.push(line);
    if (env.PATH) note(line);
  });
  const code = await new Promise<number>(resolve => {
    child.once("error", error => {
      keep(error.message);
      resolve(127);
    });
    child.once("close", status => resolve(status ?? 1));
  });
  return {code, lines};
}
