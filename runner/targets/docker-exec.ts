import {PassThrough, type Readable} from "node:stream";
import type Docker from "dockerode";
import {LimitError, within} from "../../lib/limit.ts";
import type {CommandOutput} from "../../lib/state/state.ts";

/** Output beyond this is cut: answers are small, and a member must not fill the runner's memory. */
const maxOutput = 1_000_000;

/** Runs a command in a container, with a limit. Docker cannot end a command that hangs; it is left behind then. */
export async function execIn(
  docker: Docker,
  name: string,
  command: string[],
  limitMs: number,
  user?: string,
): Promise<CommandOutput> {
  const what = `\`${command.join(" ").slice(0, 60)}\` in ${name}`;
  const abandon = new AbortController();
  const run = async () => {
    const exec = await docker.getContainer(name).exec({
      Cmd: command,
      ...(user ? {User: user} : {}),
      AttachStdout: true,
      AttachStderr: true,
      abortSignal: abandon.signal,
    });
    const stream = await exec.start({hijack: true, stdin: false, abortSignal: abandon.signal});
    abandon.signal.addEventListener("abort", () => stream.destroy());
    const [stdout, stderr] = split(docker, stream);
    const texts = await Promise.all([collect(stdout), collect(stderr)]);
    const {ExitCode} = await exec.inspect({abortSignal: abandon.signal});
    return {code: ExitCode ?? -1, stdout: texts[0], stderr: texts[1]};
  };
  const running = run();
  try {
    return await within(limitMs, what, running);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    abandon.abort();
    running.catch(() => {});
    throw error;
  }
}

/** The two streams of a container that share one connection. */
export function split(docker: Docker, stream: NodeJS.ReadWriteStream): [Readable, Readable] {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const end = () => {
    stdout.end();
    stderr.end();
  };
  stream.once("end", end);
  stream.once("close", end);
  stream.once("error", end);
  return [stdout, stderr];
}

async function collect(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) if (text.length < maxOutput) text += chunk;
  return text;
}
