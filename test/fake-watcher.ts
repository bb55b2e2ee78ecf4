import {PassThrough} from "node:stream";
import type {Standstill} from "../lib/analysis/standstills.ts";
import type {ClientProcess} from "../runner/targets/target.ts";

/** The watcher of a machine in memory: says what it saw when it is told to end. */
export function fakeWatcher(saw: () => readonly Standstill[] | undefined = () => []): ClientProcess {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const {promise: ended, resolve} = Promise.withResolvers<number>();
  const end = (code: number) => {
    stdout.end();
    stderr.end();
    resolve(code);
  };
  stdin.once("data", () => {
    const standstills = saw();
    // One that dies leaves a line that breaks off.
    if (!standstills) stdout.write('{"of":"dis');
    for (const one of standstills ?? []) stdout.write(`${JSON.stringify(one)}\n`);
    end(standstills ? 0 : 1);
  });
  return {stdin, stdout, stderr, ended, remove: async () => end(137)};
}
