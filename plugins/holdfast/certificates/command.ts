import {spawn} from "node:child_process";

/** An answer is a few kilobytes of PEM. */
const longestAnswer = 1 << 20;

/**
 * Runs a command with a request for a certificate on its standard input, and gives its standard output. Its
 * environment has HOLDFAST_DAYS: how long the certificate should live. At the limit it is ended, with what it started.
 */
export function signByCommand(
  command: string[],
  request: string,
  {days, limitMs, signal}: {days: number; limitMs: number; signal: AbortSignal},
): Promise<string> {
  const name = `the command that signs (${command[0]})`;
  return new Promise((resolve, reject) => {
    // A process group of its own: a shell is ended together with what it waits for.
    const child = spawn(command[0]!, command.slice(1), {
      detached: true,
      env: {...process.env, HOLDFAST_DAYS: String(days)},
    });
    let [answer, errors] = ["", ""];
    const last = () => errors.trim().slice(-500) || "nothing";
    const end = (why: string) => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // It ended by itself meanwhile, or never began.
      }
      finish(() => reject(new Error(`${name} ${why}`)));
    };
    const stopped = () => end(`was ended: ${(signal.reason as Error | undefined)?.message ?? "interrupted"}`);
    const timer = setTimeout(() => end(`gave no answer within ${limitMs / 1000} s; it said: ${last()}`), limitMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stopped);
      settle();
    };
    signal.addEventListener("abort", stopped);
    if (signal.aborted) stopped();
    child.stdout.setEncoding("utf8").on("data", text => {
      answer += text;
      if (answer.length > longestAnswer) end(`answered with more than ${longestAnswer} characters, not a certificate`);
    });
    child.stderr.setEncoding("utf8").on("data", text => {
      errors = (errors + text).slice(-10_000);
    });
    child.on("error", error => finish(() => reject(new Error(`${name} cannot be run: ${error.message}`))));
    child.on("close", (code, killed) => {
      if (code === 0) return finish(() => resolve(answer));
      finish(() => reject(new Error(`${name} ended with ${killed ?? `code ${code}`}; it said: ${last()}`)));
    });
    // One that reads nothing may be gone before all is written; its code tells the rest.
    child.stdin.on("error", () => {}).end(request);
  });
}
