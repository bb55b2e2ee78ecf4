import {execFileSync, spawn} from "node:child_process";
import {existsSync, mkdirSync, openSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import type Docker from "dockerode";
import {engineClient} from "../lib/engine-client.ts";
import {CliError, exitCodes} from "../lib/exit.ts";
import {aptInstall} from "./apt.ts";
import {processRuns} from "./lock.ts";
import {logPath, run, searchPath, which} from "./shell.ts";
import type {Status, Step} from "./step.ts";

/** How long a started engine may take until it answers. */
const startLimit = 60_000;

/** The engine that DOCKER_HOST or docker's current context names, else the one behind the usual socket. */
export function docker(timeoutMs?: number): Docker {
  if (!process.env.DOCKER_HOST && !existsSync("/var/run/docker.sock")) {
    const host = contextHost();
    if (host) process.env.DOCKER_HOST = host;
  }
  return engineClient({timeout: timeoutMs});
}

function contextHost(): string | undefined {
  if (!which("docker")) return undefined;
  try {
    const said = execFileSync("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
      encoding: "utf8",
      timeout: 5000,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return said.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Version of the engine. Errors: why it does not answer. */
export async function engineVersion(limitMs = 5000): Promise<string> {
  return (await docker(limitMs).version()).Version;
}

/** A docker engine that answers. Never starts a second one, never stops one. */
export const engineStep: Step = {
  id: "engine",
  title: "docker engine",
  after: [],
  fix: "apt-get install docker.io && systemctl start docker   # as root; elsewhere https://docs.docker.com/engine/install/",
  async check(): Promise<Status> {
    try {
      return {state: "ok", version: await engineVersion(), from: process.env.DOCKER_HOST ?? "/var/run/docker.sock"};
    } catch (error) {
      return whatToDo(error as NodeJS.ErrnoException, {
        root: process.getuid?.() === 0,
        dockerd: which("dockerd") !== undefined,
        apt: which("apt-get") !== undefined,
      });
    }
  },
  async make(say) {
    if (!which("dockerd")) await install(say);
    await start(say);
  },
};

/** What an engine that does not answer calls for. Pure. */
export function whatToDo(
  error: NodeJS.ErrnoException,
  machine: {root: boolean; dockerd: boolean; apt: boolean},
  host = process.env.DOCKER_HOST,
): Status {
  const why = error.code ?? error.message;
  if (host && host !== "unix:///var/run/docker.sock")
    return {
      state: "by hand",
      why: `DOCKER_HOST is ${host}, and no engine answers there (${why}). Start it, or unset DOCKER_HOST`,
    };
  if (why === "EACCES")
    return {
      state: "by hand",
      why: "you may not use /var/run/docker.sock. Run: sudo usermod -aG docker $USER, then log in again",
    };
  if (!machine.root)
    return {
      state: "by hand",
      why: `no engine answers on /var/run/docker.sock (${why}), and only root may start one. Run: sudo systemctl start docker (or: sudo dockerd)`,
    };
  if (machine.dockerd) return {state: "will be made", why: "dockerd is installed and will be started"};
  if (machine.apt)
    return {state: "will be made", why: "docker.io is installed from Debian's packages and dockerd started"};
  return {
    state: "by hand",
    why: "there is no dockerd and no apt-get. Install an engine: https://docs.docker.com/engine/install/",
  };
}

async function install(say: (line: string) => void): Promise<void> {
  say("installing docker.io from Debian's packages");
  const cgroups =
    existsSync("/run/systemd/system") ||
    existsSync("/sys/fs/cgroup/cgroup.controllers") ||
    existsSync("/sys/fs/cgroup/memory")
      ? []
      : ["cgroupfs-mount"];
  await aptInstall(["docker.io", "ca-certificates", ...cgroups], "apt-docker");
}

async function start(say: (line: string) => void): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    say("starting docker with systemctl");
    await run("systemctl", ["start", "docker"], {limit: startLimit});
    return waitUntilAnswers("see: journalctl -u docker");
  }
  const pid = runningDockerd();
  if (pid) {
    say(`dockerd runs as process ${pid} and does not answer yet: waiting`);
    return waitUntilAnswers(`dockerd is process ${pid}`);
  }
  const log = logPath("dockerd");
  say(`starting dockerd, log in ${log}`);
  const out = openSync(log, "a");
  const env = {...process.env, PATH: searchPath()};
  spawn(which("dockerd")!, [], {detached: true, stdio: ["ignore", out, out], cwd: "/", env}).unref();
  await waitUntilAnswers(`its log is ${log}`);
  weighContainers();
}

/** Where an init system sorts the machine's processes into groups, containers get their part of the processor. Without
 *  one all containers together are one group beside every single process of the machine, so that a few busy ones starve
 *  them, and a proxy without a turn for 0.2 s looks lost to the others. With this weight they count as two. With eight,
 *  containers that take all they get starve the kernel's own threads and dockerd in turn: 6.6 s without a write beside
 *  two of them, 0.6 s with this. By version of the kernel's control groups. */
function weighContainers(): void {
  const [controller, file, weight] = existsSync("/sys/fs/cgroup/cgroup.controllers")
    ? ["/sys/fs/cgroup", "cpu.weight", 200]
    : ["/sys/fs/cgroup/cpu", "cpu.shares", 2 * 1024];
  if (!existsSync(controller)) return;
  const group = join(controller, "docker");
  try {
    mkdirSync(group, {recursive: true});
    if (existsSync(join(group, file))) writeFileSync(join(group, file), String(weight));
  } catch {
    // It is a matter of comfort: a kernel without the controller runs the lab as well.
  }
}

/** The process in the pid file, if it is a dockerd that runs: then a second one must not be started. */
function runningDockerd(): number | undefined {
  try {
    const pid = Number(readFileSync("/var/run/docker.pid", "utf8"));
    return processRuns(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dockerd") ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function waitUntilAnswers(where: string): Promise<void> {
  const until = Date.now() + startLimit;
  let last = "";
  while (Date.now() < until) {
    try {
      await engineVersion(2000);
      return;
    } catch (error) {
      last = (error as Error).message;
      await sleep(300);
    }
  }
  throw new CliError(
    `The docker engine did not answer within ${startLimit / 1000} s (last: ${last}); ${where}`,
    exitCodes.unavailable,
  );
}
