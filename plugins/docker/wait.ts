import type {Container, ContainerInspectInfo} from "dockerode";
import type {Context} from "../base/resource.ts";
import {call, pause} from "./client.ts";
import {run} from "./exec.ts";
import {lastLines} from "./logs.ts";

const pollMs = 300;
/** Starts again within one wait after which it is not going to come up. A member may need one or two: a state transfer
 *  that broke off, an eviction. The engine doubles its pause from 0.1 s on, so a process that ends at once gets there
 *  within 5 s. */
const mostRestarts = 5;

/** True while the container runs or the engine is about to start it again. */
export const isUp = (info: ContainerInspectInfo): boolean =>
  (info.State.Running || info.State.Restarting) && !info.State.Paused;

/**
 * Waits until the health check succeeds.
 * @param seconds Limit. The error says what was last seen: state, exit code, health output and log.
 */
export async function untilHealthy(context: Context, container: Container, seconds: number): Promise<void> {
  const from = Date.now();
  let restarts: number | undefined;
  for (let told = from; ; ) {
    const info = await call("asking for the container's health", () => container.inspect());
    restarts ??= info.RestartCount;
    const name = info.Name.replace(/^\//, "");
    const health = info.State.Health;
    if (info.State.Running && (health?.Status === "healthy" || (await answersWell(context, info)))) return;
    if (!isUp(info)) throw new Error(`${name} ended before it was healthy: ${await ending(container, info)}`);
    if (info.RestartCount - restarts >= mostRestarts)
      throw new Error(`${name} ends again and again before it is healthy: ${await ending(container, info)}`);
    if (info.State.Running && (!health || health.Status === "none")) {
      throw new Error(
        `${name} has no health check, so \`wait\` has nothing to wait for: set \`healthcheck\` or leave \`wait\` out`,
      );
    }
    const waited = (Date.now() - from) / 1000;
    if (waited > seconds) {
      throw new Error(
        `${name} was not healthy within ${seconds} s (waitTimeout): ${seen(info)}\n${await lastLines(container)}`,
      );
    }
    if (Date.now() - told > 2000) {
      told = Date.now();
      context.log("info", `${Math.round(waited)} s: ${health?.Status ?? info.State.Status}`, true);
    }
    try {
      await pause(pollMs, context.signal);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`stopped waiting for ${name} to be healthy after ${waited.toFixed(1)} s (${why}): ${seen(info)}`);
    }
  }
}

/** Runs the container's own health check now. The engine (before 25) makes the first one only after a whole interval,
 *  and an interval that is right for years of service is long for a start. */
async function answersWell(context: Context, info: ContainerInspectInfo): Promise<boolean> {
  const {Test = [], Timeout = 0} = info.Config.Healthcheck ?? {};
  const [kind, ...words] = Test;
  if (!info.State.Running || (kind !== "CMD" && kind !== "CMD-SHELL")) return false;
  const command = kind === "CMD" ? words : ["/bin/sh", "-c", words.join(" ")];
  try {
    const limitMs = Timeout > 0 ? Timeout / 1e6 : 30_000;
    return (await run(info.Id, command, {limitMs, signal: context.signal})).code === 0;
  } catch {
    return false;
  }
}

/** Throws when the container ended right after its start. */
export async function mustRun(container: Container): Promise<void> {
  const info = await call("asking for the container's state", () => container.inspect());
  if (isUp(info)) return;
  const name = info.Name.replace(/^\//, "");
  throw new Error(`${name} ended right after its start: ${await ending(container, info)}`);
}

/**
 * Waits until the container ends.
 * @param seconds Limit.
 * @returns its exit code.
 */
export async function untilEnded(
  context: Context,
  container: Container,
  name: string,
  seconds: number,
): Promise<number> {
  const from = Date.now();
  for (;;) {
    const info = await call(`asking for the state of ${name}`, () => container.inspect());
    if (!info.State.Running && !info.State.Restarting && info.State.Status !== "created") return info.State.ExitCode;
    if (Date.now() - from > seconds * 1000) {
      throw new Error(`${name} did not end within ${seconds} s: ${seen(info)}\n${await lastLines(container)}`);
    }
    await pause(pollMs, context.signal);
  }
}

async function ending(container: Container, info: ContainerInspectInfo): Promise<string> {
  return `${seen(info)}\n${await lastLines(container)}`;
}

/** One line of what an inspection shows. */
export function seen(info: ContainerInspectInfo): string {
  const {State} = info;
  const parts = [
    State.Running || State.Status === "created" ? State.Status : `${State.Status} with code ${State.ExitCode}`,
  ];
  if (State.OOMKilled) parts.push("killed for want of memory");
  if (State.Error) parts.push(State.Error);
  if (info.RestartCount) parts.push(`restarted ${info.RestartCount} times`);
  const check = State.Health?.Log?.at(-1);
  if (State.Health?.Status) parts.push(`health ${State.Health.Status}`);
  if (check)
    parts.push(`its health check said (code ${check.ExitCode}): ${check.Output.trim().slice(-500) || "nothing"}`);
  return parts.join(", ");
}
