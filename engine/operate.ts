import {showMs} from "../lib/durations.ts";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {type Progress, tidy} from "./progress.ts";

/** Runs one operation of the engine. Ctrl-C asks it to stop once, then waits for a consistent state; a second Ctrl-C
 *  asks again, which makes the engine drop what it is doing. `cut`: asks it to stop as well. Errors: the messages of
 *  the resources, exit code 1; interrupted, 130. */
export async function operate<T>(
  what: string,
  progress: Progress,
  work: (signal: AbortSignal) => Promise<T>,
  cut?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const stopOnce = () => controller.abort();
  cut?.addEventListener("abort", stopOnce);
  if (cut?.aborted) stopOnce();
  const stop = () => {
    note(
      controller.signal.aborted
        ? "\nholdfast: asked to stop again."
        : "\nholdfast: stopping. What is under way is ended first, so that the state stays consistent.",
    );
    // A second abort event reaches the engine as a second signal.
    if (controller.signal.aborted) controller.signal.dispatchEvent(new Event("abort"));
    else controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  const began = Date.now();
  try {
    return await work(controller.signal);
  } catch (error) {
    progress.stop();
    if (controller.signal.aborted)
      throw new CliError(
        `${what} was interrupted after ${showMs(Date.now() - began)}; the state is consistent. The next \`up\` or \`down\` goes on from it.`,
        exitCodes.interrupted,
      );
    throw explain(what, progress, error as Error);
  } finally {
    progress.stop();
    cut?.removeEventListener("abort", stopOnce);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(name, stop);
  }
}

function explain(what: string, progress: Progress, error: Error): CliError {
  const lines = progress.errors();
  if (/stack is currently locked/.test(error.message))
    return new CliError(
      `${what}: another command is at work on this stack. Wait for it. Where none is left (it was killed), take its lock away with: pulumi cancel`,
      exitCodes.temporary,
    );
  if (lines.length > 0)
    return new CliError(
      `${what} failed:\n${lines.map(line => `  ${line.replaceAll("\n", "\n    ")}`).join("\n")}`,
      exitCodes.fail,
    );
  const said = tidy(error.message)
    .split("\n")
    .map(line => line.replace(/^\s*(stdout|stderr|err\?): ?/, "").replace(/^error: /, ""))
    .filter(line => !/^\s*(code: -?\d+)?\s*$/.test(line));
  return new CliError(`${what} failed:\n  ${said.slice(-25).join("\n  ")}`, exitCodes.fail);
}
