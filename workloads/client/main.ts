import {readFileSync, writeSync} from "node:fs";
import {createInterface} from "node:readline";
import type {WorkloadCommand, WorkloadEvent, WorkloadOrder} from "../../lib/workload.ts";
import {Load} from "./load.ts";
import {programs} from "./programs.ts";
import {classOf, now, until, within} from "./time.ts";

/** The program in a workload client's container. It reads its order from the file named by its first argument (default
 *  /holdfast/workload.json), then obeys one command a line on standard input and reports one event a line on standard
 *  output. It ends when it is told to, when standard input closes, and in any case some time after the longest load. */

const prepareLimitMs = 30_000;
const cleanLimitMs = 5_000;
const idleLimitMs = 15 * 60_000;
const page = 2000;

const order = JSON.parse(readFileSync(process.argv[2] ?? "/holdfast/workload.json", "utf8")) as WorkloadOrder;
const make = Object.hasOwn(programs, order.workload) ? programs[order.workload] : undefined;
if (!make)
  fatal(`There is no workload ${JSON.stringify(order.workload)}. There are ${Object.keys(programs).join(", ")}.`);
const program = make(order);
const load = new Load(order, program, emit);
let running: Promise<void> | undefined;

setTimeout(() => fatal("No command for too long: the runner seems to be gone."), order.maxMs + idleLimitMs).unref();
process.on("uncaughtException", error => fatal(`The client broke: ${error.stack ?? error}`));
process.on("SIGTERM", () => void end());
process.stdout.on("error", () => process.exit(1));

try {
  await until(now() + prepareLimitMs, 250, () => program.prepare());
} catch (error) {
  fatal(`The load could not be prepared within ${prepareLimitMs / 1000} s: ${messageOf(error)}`);
}
emit({event: "ready"});

const commands = createInterface({input: process.stdin});
commands.on("close", () => void end());
for await (const line of commands) {
  if (line.trim()) await obey(JSON.parse(line) as WorkloadCommand);
}

async function obey(command: WorkloadCommand): Promise<void> {
  if (command.do === "start") running ??= load.run();
  else if (command.do === "stop") load.stop();
  else if (command.do === "read") await read(command.timeoutMs);
  else await end();
}

async function read(timeoutMs: number): Promise<void> {
  load.stop();
  await running;
  try {
    if (!program.read) throw new Error(`${order.workload} writes nothing that could be read back`);
    const values = await within(timeoutMs + 2000, "the final read", program.read(now() + timeoutMs, load.acknowledged));
    for (let i = 0; i === 0 || i < values.length; i += page) {
      emit({event: "read", values: values.slice(i, i + page), more: i + page < values.length});
    }
  } catch (error) {
    emit({event: "trouble", message: `The final read did not succeed: ${messageOf(error)}`, fatal: false});
  }
}

async function end(): Promise<void> {
  load.stop();
  await within(cleanLimitMs, "cleaning up", program.clean()).catch(() => {});
  emit({event: "ended"});
  process.exit(0);
}

/** Written at once, so that nothing is lost when the process ends. */
function emit(event: WorkloadEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function fatal(message: string): never {
  const event: WorkloadEvent = {event: "trouble", message, fatal: true};
  writeSync(1, `${JSON.stringify(event)}\n`);
  process.exit(1);
}

function messageOf(error: unknown): string {
  return `${classOf(error)}: ${error instanceof Error ? error.message : error}`;
}
