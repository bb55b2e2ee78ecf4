import {spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {WorkloadOrder} from "../lib/workload.ts";
import {type ClientStreams, WorkloadClient} from "./driver.ts";

const main = new URL("client/main.ts", import.meta.url).pathname;

/** Runs the client program as a process beside this one rather than in a container: for tests, and to measure the
 *  program alone. */
export function localClient(order: WorkloadOrder, password?: string) {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-client-"));
  const secret = join(folder, "password");
  if (password !== undefined) writeFileSync(secret, password, {mode: 0o600});
  const target = {...order.target, ...(password === undefined ? {} : {passwordFile: secret})};
  writeFileSync(join(folder, "workload.json"), JSON.stringify({...order, target}));
  const child = spawn(process.execPath, [main, join(folder, "workload.json")], {stdio: "pipe"});
  const exited = once(child, "exit").then(([code]) => {
    rmSync(folder, {recursive: true, force: true});
    return (code as number | null) ?? -1;
  });
  child.stdin.on("error", () => {});
  const streams: ClientStreams = {
    write: line => void child.stdin.write(`${line}\n`),
    lines: createInterface({input: child.stdout}),
    words: createInterface({input: child.stderr}),
    exited,
  };
  return {child, exited, client: new WorkloadClient(order, streams)};
}
