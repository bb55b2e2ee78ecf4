import {type ChildProcess, execFileSync, spawn} from "node:child_process";
import {mkdirSync, openSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import Docker from "dockerode";
import {debianImage, recipeOf, services} from "../platforms/docker/images.ts";

/** Longest time for the engine to answer, and to end in good order: it waits for its containers. */
const limitMs = 120_000;

/** Why there can be no engine of the test's own here; undefined where there can. */
export function whyNoOwnEngine(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can start an engine";
  const missing = ["dockerd", "nsenter", "ip"].find(program => !has(program));
  return missing && `${missing} is not installed`;
}

/** A docker engine of the test's own, in a network namespace of its own beside the machine's engine, with the images of
 *  that. A test may end it as it likes: nobody else's containers run on it. Its data is below the other engine's
 *  folder, whose file system is known to carry an engine. */
export class OwnEngine {
  readonly #name: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(name: string, folder: string) {
    this.#name = name;
    this.#folder = folder;
  }

  /** Starts it and gives it these images; by default every one that a lab needs. */
  static async make(name: string, recipes = services()): Promise<OwnEngine> {
    const {DockerRootDir} = await new Docker().info();
    const engine = new OwnEngine(name, join(DockerRootDir, name));
    await engine.start();
    const tags = [debianImage, ...recipes.map(service => recipeOf(service).tag)];
    execFileSync(
      "sh",
      ["-c", 'socket=$1; shift; docker save "$@" | docker -H "$socket" load', "sh", engine.host, ...tags],
      {
        stdio: "pipe",
        timeout: 600_000,
      },
    );
    return engine;
  }

  /** For DOCKER_HOST. */
  get host(): string {
    return `unix://${join(this.#folder, "engine.sock")}`;
  }

  client(): Docker {
    return new Docker({socketPath: join(this.#folder, "engine.sock")});
  }

  /** As an init system does it when the machine comes up. Returns when the engine answers, which is after it has
   *  started its containers. */
  async start(): Promise<void> {
    mkdirSync(this.#folder, {recursive: true});
    rmSync(this.#pidFile, {force: true});
    if (!readNamespaces().includes(this.#name)) {
      execFileSync("ip", ["netns", "add", this.#name]);
      execFileSync("ip", ["-n", this.#name, "link", "set", "lo", "up"]);
    }
    const log = openSync(join(this.#folder, "log"), "a");
    const own = ["--data-root", join(this.#folder, "data"), "--exec-root", this.#runs, "--pidfile", this.#pidFile];
    this.#process = spawn("nsenter", [`--net=/var/run/netns/${this.#name}`, "dockerd", ...own, "--host", this.host], {
      detached: true,
      stdio: ["ignore", log, log],
    });
    await this.#until("answers", () =>
      this.client()
        .ping()
        .then(() => true)
        .catch(() => false),
    );
  }

  /** As a shutdown of the machine does it: every container is stopped in good order. */
  async stop(): Promise<void> {
    const {pid, exitCode} = this.#process ?? {};
    if (!pid || exitCode !== null) return;
    process.kill(pid, "SIGTERM");
    await this.#until("ends", async () => this.#process?.exitCode !== null || this.#process.signalCode !== null);
  }

  /** What a power cut leaves: data on the disk. The engine and everything in its containers is killed at once; network
   *  namespace, interfaces, mounts and run-time files are gone. What the kernel had not written yet is kept, as a power
   *  cut does not: that is no test of flushing. */
  async losePower(): Promise<void> {
    for (let left = this.#processes(); left.length > 0; left = this.#processes()) {
      for (const pid of left) killed(pid);
      await sleep(100);
    }
    this.#clearAway();
  }

  /** Ends it and removes all that it had. */
  async remove(): Promise<void> {
    await this.stop().catch(() => undefined);
    await this.losePower();
    rmSync(this.#folder, {recursive: true, force: true});
  }

  get #runs(): string {
    return join(this.#folder, "exec");
  }

  get #pidFile(): string {
    return join(this.#folder, "pid");
  }

  /** The engine, its containerd and shims, and everything below them. */
  #processes(): number[] {
    const all = readdirSync("/proc")
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .flatMap(lookAt);
    const own = new Set(all.filter(({command}) => command.includes(this.#runs)).map(({pid}) => pid));
    for (let before = 0; before < own.size; ) {
      before = own.size;
      for (const {pid, parent} of all) if (own.has(parent)) own.add(pid);
    }
    return [...own];
  }

  #clearAway(): void {
    const mounts = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map(line => line.split(" ")[1] ?? "");
    for (const mount of mounts.filter(path => path.startsWith(`${this.#folder}/`)).reverse())
      execFileSync("umount", ["-l", mount]);
    if (readNamespaces().includes(this.#name)) execFileSync("ip", ["netns", "del", this.#name]);
    rmSync(this.#runs, {recursive: true, force: true});
  }

  async #until(what: string, is: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
      if (await is()) return;
      await sleep(200);
    }
    const log = readFileSync(join(this.#folder, "log"), "utf8").split("\n").slice(-20).join("\n");
    throw new Error(
      `The test's own engine: not within ${limitMs / 1000} s that it ${what}. Its log ends with:\n${log}`,
    );
  }
}

const has = (program: string): boolean =>
  ["/usr/sbin", "/sbin", ...(process.env.PATH ?? "").split(":")].some(folder => {
    try {
      return readdirSync(folder).includes(program);
    } catch {
      return false;
    }
  });

function readNamespaces(): string[] {
  try {
    return readdirSync("/var/run/netns");
  } catch {
    return [];
  }
}

/** Nothing of a process that has ended meanwhile, or is waited for no more. */
function lookAt(pid: number): {pid: number; parent: number; command: string}[] {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    if (state === "Z") return [];
    return [{pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, "utf8")}];
  } catch {
    return [];
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
