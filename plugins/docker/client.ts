import type Docker from "dockerode";
import {engineClient} from "../../lib/engine-client.ts";
import type {Properties} from "../base/values.ts";

let docker: Docker | undefined;
let place = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
let version: Promise<string> | undefined;

/** Uses the engine of the setting `docker:host`, else of the environment, else the local one. */
export function configureDocker(settings: Properties): void {
  const host = typeof settings.host === "string" && settings.host ? settings.host : undefined;
  if (host) {
    const url = new URL(host);
    if (url.protocol === "unix:") docker = engineClient({socketPath: url.pathname});
    else if (url.protocol === "tcp:")
      docker = engineClient({protocol: "http", host: url.hostname, port: Number(url.port || 2375)});
    else throw new Error(`docker:host is "${host}"; the bundled plugin takes unix:///PATH or tcp://HOST:PORT`);
    place = host;
  }
  version = undefined;
}

/** The engine that everything here talks to. */
export const engine = (): Docker => (docker ??= engineClient());

/** The engine's API version, such as `1.41`. Asked once. */
export const apiVersion = (): Promise<string> =>
  (version ??= engine()
    .version()
    .then(answer => answer.ApiVersion)
    .catch(error => {
      version = undefined;
      throw clear("the docker engine's version", error);
    }));

/** True when version `a` is at least `b`: `1.41` is less than `1.44`. */
export function atLeast(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor > bMajor || (aMajor === bMajor && aMinor >= bMinor);
}

const field = (error: unknown, key: string): unknown =>
  typeof error === "object" && error !== null ? (error as Record<string, unknown>)[key] : undefined;

/** HTTP status of the engine's answer, if it is one. */
export const statusOf = (error: unknown): number | undefined => field(error, "statusCode") as number | undefined;

/** The engine's own words. */
export function messageOf(error: unknown): string {
  const json = field(error, "json");
  const said = field(json, "message");
  return typeof said === "string" ? said : error instanceof Error ? error.message : String(error);
}

/** An error that says what was tried and what the engine answered. */
export function clear(what: string, error: unknown): Error {
  const code = field(error, "code");
  if (code === "ECONNREFUSED" || code === "ENOENT" || code === "ECONNRESET" || code === "EPIPE") {
    return new Error(`${what}: no docker engine answers at ${place} (${code}). Start it, then run the command again.`);
  }
  return new Error(`${what}: ${messageOf(error)}`, {cause: error});
}

/** Runs a call to the engine; an error says what was tried. */
export async function call<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw clear(what, error);
  }
}

/** The same, but undefined where the engine knows no such thing. */
export async function find<T>(what: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw clear(what, error);
  }
}

/** Waits; throws the signal's reason when it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, {once: true});
  });
}
