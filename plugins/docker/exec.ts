import {call, clear, engine, statusOf} from "./client.ts";
import {demultiplex} from "./logs.ts";

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command inside a running container, by the container's name or id. Throws when it cannot be run or takes too
 *  long. */
export async function run(
  container: string,
  command: string[],
  limits: {limitMs: number; signal: AbortSignal},
): Promise<Answer> {
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.limitMs)]);
  const exec = await engine()
    .getContainer(container)
    .exec({Cmd: command, AttachStdout: true, AttachStderr: true})
    .catch(error => {
      if (statusOf(error) === 404) throw new Error(`there is no container ${container}`);
      throw clear(`asking in ${container}`, error);
    });
  const stream = await call(`asking in ${container}`, () => exec.start({hijack: true, stdin: false}));
  const frames: Buffer[] = [];
  await new Promise<void>((done, failed) => {
    const late = () => {
      stream.destroy();
      failed(
        new Error(
          limits.signal.aborted
            ? `stopped asking in ${container}: ${limits.signal.reason?.message}`
            : `no answer from ${container} within ${limits.limitMs / 1000} s`,
        ),
      );
    };
    if (signal.aborted) return late();
    signal.addEventListener("abort", late, {once: true});
    stream.on("data", (chunk: Buffer) => frames.push(chunk));
    stream.on("error", failed);
    stream.on("end", done);
  });
  const {ExitCode} = await call(`asking in ${container}`, () => exec.inspect());
  return {code: ExitCode ?? -1, ...demultiplex(Buffer.concat(frames))};
}
