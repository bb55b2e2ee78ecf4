import {spawn} from "node:child_process";
import {createRequire} from "node:module";
import type {PulumiCommand} from "@pulumi/pulumi/automation/index.js";

/** The engine, its program and its plugins keep every core busy for seconds. On a developer's machine the members are
 *  on the same cores, and a proxy that gets no turn for 0.2 s looks lost to the others, so the engine stands back. */
const niceness = 10;

/** Runs the Pulumi CLI in a process group of its own. On a terminal Ctrl-C goes to every process of the group at once,
 *  and an engine that is asked to stop twice drops what it is doing: this way it is asked once, by us, and leaves a
 *  consistent state. */
export function engineCommand(program: string, version: string): PulumiCommand {
  // The Automation API makes its errors of these, and its types do not name them. Loaded here, because loading takes
  // its time.
  const load = createRequire(import.meta.url);
  const {CommandResult} = load("@pulumi/pulumi/automation/cmd.js");
  const {createCommandError} = load("@pulumi/pulumi/automation/errors.js");
  const {parse} = createRequire(load.resolve("@pulumi/pulumi"))("semver");
  const made = {
    command: program,
    version: parse(version),
    async run(
      args: string[],
      cwd: string,
      extra: Record<string, string>,
      onOutput?: (text: string) => void,
      onError?: (text: string) => void,
      signal?: AbortSignal,
    ) {
      const all = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
      const child = spawn("nice", ["-n", String(niceness), program, ...all], {
        cwd,
        env: {...process.env, ...extra, PULUMI_AUTOMATION_API: "true"},
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const stdout: string[] = [];
      const stderr: string[] = [];
      child.stdout.setEncoding("utf8").on("data", text => {
        stdout.push(text);
        onOutput?.(text);
      });
      child.stderr.setEncoding("utf8").on("data", text => {
        stderr.push(text);
        onError?.(text);
      });
      const interrupt = () => child.kill("SIGINT");
      signal?.addEventListener("abort", interrupt);
      try {
        const {promise, resolve} = Promise.withResolvers<{code: number; failure?: Error}>();
        child.once("error", failure => resolve({code: -2, failure}));
        child.once("close", code => resolve({code: code ?? -1}));
        const {code, failure} = await promise;
        const result = new CommandResult(stdout.join(""), failure?.message ?? stderr.join(""), code, failure);
        if (code !== 0) throw createCommandError(result);
        return result;
      } finally {
        signal?.removeEventListener("abort", interrupt);
      }
    },
  };
  return made as unknown as PulumiCommand;
}
