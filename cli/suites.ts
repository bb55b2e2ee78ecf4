import {spawn} from "node:child_process";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {showMs} from "../lib/durations.ts";
import {note} from "../lib/output.ts";
import {projectRoot} from "../lib/paths.ts";
import {either, InputError} from "../lib/problems.ts";
import {chromiumStep} from "../setup/chromium.ts";
import {environment} from "../setup/environment.ts";
import type {Step} from "../setup/step.ts";

export interface Count {
  passed: number;
  failed: number;
  /** Tests that this machine cannot do, or that are still to be written. */
  skipped: number;
}

/** One set of checks. */
export interface Suite {
  name: string;
  /** `fast` needs neither engine nor network, `safety` only time, `lab` a docker engine. */
  group: "fast" | "safety" | "lab";
  /** How long it takes on two cores with nothing else to do, in milliseconds: what its last line says there. */
  takesMs: number;
  /** Steps of the set-up that it alone needs. */
  needs?: readonly Step[];
  /** Its files, for tests of a real engine. */
  files?: readonly string[];
  /** `say` gets its lines. */
  run(say: (line: string) => void): Promise<Count>;
}

const minutes = (count: number): number => count * 60_000;

/** What `holdfast test` runs, in this order: what is quick to fail comes first, then the lab's own stack, then the
 *  parts that it is made of. */
export const suites: readonly Suite[] = [
  whole("types", "tsc", ["--noEmit"]),
  whole("style", "biome", ["check", "."]),
  whole("dead-code", "knip", ["--include", "files,dependencies,exports,types", "--no-config-hints"]),
  ava("unit", "fast", minutes(2), []),
  // The properties that evictions and recoveries rest on, over far more histories than there is time for while one
  // works.
  ava("evictions", "safety", minutes(1), ["controllers/galera-watcher/safety.test.ts"], {
    HOLDFAST_RUNS: "10000",
    HOLDFAST_SEED: "1",
  }),
  ava("recoveries", "safety", minutes(1), ["controllers/galera-watcher/recovery/safety.test.ts"], {
    HOLDFAST_RUNS: "4000",
    HOLDFAST_SEED: "1",
  }),
  lab("stack", minutes(24), ["test/stack.lab.test.ts"]),
  lab("reboot", minutes(4), ["test/engine-restart.lab.test.ts"]),
  lab("components", minutes(6), ["components/**/*.lab.test.ts", "controllers/**/*.lab.test.ts"]),
  lab("platform", minutes(4), ["platforms/**/*.lab.test.ts", "plugins/**/*.lab.test.ts"]),
  lab("runner", minutes(8), ["{runner,workloads,cli}/**/*.lab.test.ts"]),
  {...lab("pages", minutes(2), ["report/**/*.lab.test.ts"]), needs: [chromiumStep]},
];

/** The suites of these names or groups, in the order in which they run; without names all. Errors: a name that is none.
 *  */
export function chooseSuites(names: readonly string[], all: readonly Suite[] = suites): readonly Suite[] {
  const known = [...new Set(all.map(({group}) => group)), ...all.map(({name}) => name)];
  const problems = names
    .filter(name => !known.includes(name))
    .map(name => ({path: "", message: `is ${JSON.stringify(name)}. It takes ${either(known)}.`}));
  if (problems.length > 0) throw new InputError("SUITE", problems);
  return names.length === 0 ? all : all.filter(({name, group}) => names.includes(name) || names.includes(group));
}

/** Whether a suite still fits into the time that is left, going by how long those before it took against what was
 *  expected of them. */
export class Schedule {
  readonly #untilMs: number;
  readonly #now: () => number;
  #took = 0;
  #expected = 0;

  /** `untilMs`: when all has to be over, on the clock of `now`. */
  constructor(untilMs: number, now: () => number = () => performance.now()) {
    this.#untilMs = untilMs;
    this.#now = now;
  }

  /** What one needs here, in milliseconds. A machine that was faster before need not stay so. */
  needs({takesMs}: Pick<Suite, "takesMs">): number {
    const pace = this.#expected === 0 ? 1 : this.#took / this.#expected;
    return takesMs * Math.max(1, pace);
  }

  /** Why it is left out; undefined where it fits. */
  leftOut(suite: Pick<Suite, "name" | "takesMs">): string | undefined {
    const left = this.#untilMs - this.#now();
    const needs = this.needs(suite);
    if (needs <= left) return undefined;
    return `skipped - ${suite.name}: it needs about ${showMs(needs)}, and ${showMs(Math.max(0, left))} are left`;
  }

  ended({takesMs}: Pick<Suite, "takesMs">, tookMs: number): void {
    this.#expected += takesMs;
    this.#took += tookMs;
  }
}

/** A program that counts as one check. */
function whole(name: string, program: string, args: string[]): Suite {
  return {
    name,
    group: "fast",
    takesMs: minutes(0.25),
    async run(say) {
      const began = Date.now();
      const {code, lines} = await output(program, args);
      if (code !== 0) for (const line of lines.slice(0, 60)) say(`  ${line}`);
      say(`${code === 0 ? "ok" : "not ok"} - ${name} (${showMs(Date.now() - began)})`);
      return code === 0 ? {passed: 1, failed: 0, skipped: 0} : {passed: 0, failed: 1, skipped: 0};
    },
  };
}

/** Tests against a real docker engine. */
function lab(name: string, takesMs: number, files: string[]): Suite {
  return {...ava(name, "lab", takesMs, ["--config", "ava.lab.config.js", ...files]), files};
}

/** Tests of ava, counted from its TAP output: one line each as they end. */
function ava(
  name: string,
  group: Suite["group"],
  takesMs: number,
  args: string[],
  more: Record<string, string> = {},
): Suite {
  const tellsEach = group !== "fast";
  return {
    name,
    group,
    takesMs,
    async run(say) {
      const began = Date.now();
      const count = {passed: 0, failed: 0, skipped: 0};
      const {code} = await output(
        "ava",
        ["--tap", ...args],
        {...(tellsEach ? await environment() : {}), ...more},
        line => {
          const result = tapResult(line);
          if (result !== undefined) count[result]++;
          if (result !== "passed" && line !== "") say(`  ${line}`);
          else if (tellsEach) say(`  ${line}`);
        },
      );
      // A file that could not be loaded has no line of its own in some cases: the exit code still counts.
      if (code !== 0 && count.failed === 0) count.failed = 1;
      say(
        `${code === 0 ? "ok" : "not ok"} - ${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${showMs(Date.now() - began)})`,
      );
      return count;
    },
  };
}

/** What a line of TAP says; undefined for any other line. */
export function tapResult(line: string): keyof Count | undefined {
  const match = /^(not )?ok \d+/.exec(line);
  if (!match) return undefined;
  if (/# (SKIP|TODO)/i.test(line)) return "skipped";
  return match[1] ? "failed" : "passed";
}

/** The sum over all suites. */
export function addUp(counts: readonly Count[]): Count {
  const sum = (what: keyof Count) => counts.reduce((total, count) => total + count[what], 0);
  return {passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped")};
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
