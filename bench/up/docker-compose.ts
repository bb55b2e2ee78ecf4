import {chmodSync, mkdirSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {dump} from "js-yaml";
import {LimitError} from "../../lib/limit.ts";
import {aptInstall} from "../../setup/apt.ts";
import {docker} from "../../setup/engine.ts";
import {run, which} from "../../setup/shell.ts";
import {type ComposeStack, composeOf, type StateResource} from "./compose.ts";

const limitMs = 600_000;

/** Version of docker-compose, installed as root where it is missing; undefined where it cannot be had. */
export async function composeVersion(): Promise<string | undefined> {
  if (!which("docker-compose")) {
    if (process.getuid?.() !== 0 || !which("apt-get")) return undefined;
    await aptInstall(["docker-compose"], "apt-docker-compose");
  }
  return (await run("docker-compose", ["version", "--short"])).trim();
}

/** A stack as docker-compose brings it up. */
export class ComposeProject {
  readonly #folder: string;
  readonly #name: string;

  /** Writes the Compose file and the files of its services, secrets among them, into a folder that only this user can
   *  enter. */
  constructor(name: string, folder: string, resources: readonly StateResource[]) {
    this.#name = name;
    this.#folder = folder;
    rmSync(folder, {recursive: true, force: true});
    mkdirSync(folder, {recursive: true, mode: 0o700});
    const files = join(folder, "files");
    const stack: ComposeStack = composeOf(resources, files);
    writeFileSync(join(folder, "compose.yaml"), dump(stack.document), {mode: 0o600});
    for (const [path, {content, executable}] of Object.entries(stack.files)) {
      const file = join(files, path);
      mkdirSync(dirname(file), {recursive: true});
      writeFileSync(file, content);
      // Their daemons are in group 0, as in the stack; who runs the bench may be in another.
      chmodSync(file, executable ? 0o555 : 0o444);
    }
  }

  /** Brings it up and waits until every member is healthy and every job has ended well. Gives milliseconds. */
  async up(): Promise<number> {
    const began = performance.now();
    await this.#compose("up", "--detach", "--no-build");
    await this.#untilHealthy(began + limitMs);
    return performance.now() - began;
  }

  /** Containers that were made. */
  async size(): Promise<number> {
    return (await this.#containers()).length;
  }

  /** Removes containers, networks and volumes. */
  async down(): Promise<void> {
    await this.#compose("down", "--volumes", "--timeout", "10");
  }

  /** Removes the files too. */
  remove(): void {
    rmSync(this.#folder, {recursive: true, force: true});
  }

  async #untilHealthy(end: number): Promise<void> {
    for (;;) {
      const waiting = (await this.#containers()).filter(({ready}) => !ready);
      if (waiting.length === 0) return;
      if (performance.now() > end) {
        const seen = waiting.map(({name, status}) => `${name} ${status}`).join(", ");
        throw new LimitError(`docker-compose: not healthy within ${limitMs / 1000} s. Last seen: ${seen}.`);
      }
      await sleep(100);
    }
  }

  /** A job has ended well; anything else runs, and is healthy where it has a check. */
  async #containers(): Promise<{name: string; status: string; ready: boolean}[]> {
    const label = [`com.docker.compose.project=${this.#name}`];
    const found = await docker().listContainers({all: true, filters: {label}});
    return found.map(({Names, State, Status}) => ({
      name: Names[0]!,
      status: Status,
      ready: State === "running" ? !/\((health: starting|unhealthy)\)/.test(Status) : Status.startsWith("Exited (0)"),
    }));
  }

  #compose(...args: string[]): Promise<string> {
    const file = join(this.#folder, "compose.yaml");
    return run("docker-compose", ["--project-name", this.#name, "--file", file, ...args], {
      limit: limitMs,
      log: "docker-compose",
    });
  }
}
