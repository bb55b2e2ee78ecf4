import {loadavg} from "node:os";
import type Docker from "dockerode";
import {engineClient} from "../../lib/engine-client.ts";
import {within} from "../../lib/limit.ts";
import {labels} from "../../lib/names.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {NetworkPurpose, TopologyMember} from "../../lib/topology.ts";
import {aimAt, signalFromHost} from "./docker-burst.ts";
import {startClient} from "./docker-client.ts";
import {containersOf, keeperOf, networkOf, processesOf, toLook} from "./docker-containers.ts";
import {engineLimitMs, ignore} from "./docker-engine.ts";
import {execIn} from "./docker-exec.ts";
import {Freezer, letStartsEnd, unpause} from "./docker-freezer.ts";
import {readLogs} from "./docker-logs.ts";
import {lookAtMemory} from "./docker-memory.ts";
import {Neighbours} from "./docker-neighbours.ts";
import {Power} from "./docker-power.ts";
import {letRestart} from "./docker-restarts.ts";
import {Starts} from "./docker-starts.ts";
import {Throttle} from "./docker-throttle.ts";
import {Toolboxes} from "./docker-toolbox.ts";
import {Volumes} from "./docker-volumes.ts";
import type {
  Aim,
  Burst,
  ClientProcess,
  ClientSpec,
  LogWindow,
  MemoryLook,
  ProcessLog,
  ProcessLook,
  Signal,
  Target,
} from "./target.ts";

/** Members that are docker containers: one for each process, and one that holds the network of a member with
 *  companions. */
export class DockerTarget implements Target {
  readonly kind = "docker";
  readonly volumes: Volumes;
  readonly #docker: Docker;
  readonly #networks: Partial<Record<NetworkPurpose, string>>;
  readonly #toolboxes: Toolboxes;
  readonly #neighbours: Neighbours;
  readonly #starts = new Starts();
  readonly #power: Power;

  /** `networks`: docker's name of each network of the stack. `toolbox`: image of all helpers, and the run that they are
   *  started for. */
  constructor(
    networks: Partial<Record<NetworkPurpose, string>> = {},
    docker = engineClient(),
    toolbox: {image?: string; run?: string} = {},
  ) {
    this.#docker = docker;
    this.#networks = networks;
    this.#toolboxes = new Toolboxes(docker, toolbox);
    this.#neighbours = new Neighbours(docker, toolbox);
    this.volumes = new Volumes(docker, toolbox);
    this.#power = new Power(docker);
  }

  exec(member: TopologyMember, command: string[], limitMs: number, process = "main"): Promise<CommandOutput> {
    return execIn(this.#docker, this.#containerOf(member, process), command, limitMs);
  }

  look(member: TopologyMember): Promise<ProcessLook[]> {
    const all = Object.entries(processesOf(member));
    return Promise.all(all.map(async ([process, name]) => toLook(process, await this.#inspect(name))));
  }

  aim(aims: readonly Aim[]): Promise<Burst | {why: string}> {
    return aimAt(this.#docker, aims);
  }

  async kill(member: TopologyMember): Promise<void> {
    await this.#all(member, "kill", container => container.kill({signal: "SIGKILL"}));
  }

  async crash(member: TopologyMember, process: string): Promise<void> {
    const name = this.#containerOf(member, process);
    const {Id, State} = await this.#inspect(name);
    if (!State.Running || State.Paused) throw new Error(`${name} does not run, so it cannot crash.`);
    if (await signalFromHost(Id, State.Pid)) return;
    // Only a tiny init as process 1 can be ended from inside: by ending what it runs.
    await execIn(
      this.#docker,
      name,
      ["sh", "-c", "kill -9 $(awk '$4 == 1 {print $1}' /proc/[0-9]*/stat)"],
      engineLimitMs,
    ).catch(() => undefined);
  }

  async stop(member: TopologyMember): Promise<void> {
    const {net, ...rest} = processesOf(member);
    const stopAll = (names: string[]) =>
      Promise.all(names.map(name => this.#do(name, "stop", container => container.stop(), 120_000)));
    await stopAll(Object.values(rest));
    if (net) await stopAll([net]);
  }

  async restart(member: TopologyMember): Promise<void> {
    const {net: _, ...rest} = processesOf(member);
    const again = (name: string) => this.#do(name, "restart", container => container.restart(), 120_000);
    await Promise.all(Object.values(rest).map(again));
  }

  async signal(member: TopologyMember, process: string, pids: readonly number[], signal: Signal): Promise<void> {
    const name = this.#containerOf(member, process);
    // The kernel keeps process 1 of a container from signals that come from inside.
    if (pids.includes(1) && signal !== "CONT") return this.#signalFromHost(name, signal);
    const command = ["sh", "-c", 'signal=$1; shift; kill -s "$signal" "$@"', "sh", signal, ...pids.map(String)];
    const {code, stderr} = await execIn(this.#docker, name, command, engineLimitMs);
    // With the process that a container was for ends all that runs in it, and the command that killed it as well.
    const endedWithIt = signal === "KILL" && code === 128 + 9;
    if (code !== 0 && !endedWithIt)
      throw new Error(`${name}: kill -${signal} ${pids.join(" ")}: ${stderr.trim() || `exit code ${code}`}`);
  }

  async #signalFromHost(name: string, signal: Signal): Promise<void> {
    const {Id, State} = await this.#inspect(name);
    if (!(await signalFromHost(Id, State.Pid, `SIG${signal}`)))
      throw new Error(`${name}: its first process can be signalled by root on the engine's own machine alone.`);
  }

  async pause(member: TopologyMember): Promise<void> {
    // The holder of the network only sleeps: frozen or not makes no difference.
    const {net: _, ...rest} = processesOf(member);
    const pause = async (name: string) => {
      const {Id, State} = await this.#inspect(name);
      await this.#do(name, "pause", container => container.pause());
      await letStartsEnd(this.#docker.getContainer(name), await Freezer.of(Id, State.Pid));
    };
    await Promise.all(Object.values(rest).map(pause));
  }

  async unpause(member: TopologyMember): Promise<void> {
    const frozen = (await this.look(member)).filter(look => look.paused);
    const goOn = async (name: string) => {
      const {Id, State} = await this.#inspect(name);
      const freezer = await Freezer.of(Id, State.Pid);
      await this.#do(name, "unpause", container => unpause(container, freezer));
    };
    await Promise.all(frozen.map(({process}) => goOn(processesOf(member)[process]!)));
  }

  async start(member: TopologyMember): Promise<void> {
    const {net, ...rest} = processesOf(member);
    const looks = new Map((await this.look(member)).map(look => [look.process, look]));
    const netIsNew = net !== undefined && !looks.get("net")!.running;
    const start = (name: string) => this.#do(name, "start", c => this.#starts.measure(() => c.start()));
    if (netIsNew) await start(net);
    const started = Object.entries(rest).map(async ([process, name]) => {
      if (!looks.get(process)!.running) await start(name);
      // It still runs in the network that died with the old holder.
      else if (netIsNew) await this.#do(name, "restart", container => container.restart({t: 0}));
    });
    await Promise.all(started);
    await letRestart(this.#docker, Object.values(processesOf(member)));
  }

  startMs(member: TopologyMember): number {
    // The holder of the network first, then all others at the same time.
    return this.#starts.typicalMs * (containersOf(member).net ? 2 : 1);
  }

  logs(member: TopologyMember, window: LogWindow): Promise<ProcessLog[]> {
    // The holder of the network only sleeps and says nothing.
    const {net: _, ...rest} = processesOf(member);
    return Promise.all(
      Object.entries(rest).map(async ([process, name]) => {
        const read = readLogs(this.#docker.getContainer(name), window);
        return {process, ...(await within(engineLimitMs, `reading the logs of ${name}`, read))};
      }),
    );
  }

  async hasNetwork(member: TopologyMember): Promise<boolean> {
    const {State} = await this.#inspect(networkOf(member));
    return State.Running;
  }

  async prepareNetwork(member: TopologyMember): Promise<void> {
    await this.#toolboxes.beside(networkOf(member));
  }

  async inNetwork(member: TopologyMember, script: string, limitMs: number): Promise<CommandOutput> {
    const toolbox = await this.#toolboxes.beside(networkOf(member));
    return execIn(this.#docker, toolbox, ["sh", "-c", script], limitMs);
  }

  nameOnNetwork(member: TopologyMember): string {
    return networkOf(member);
  }

  tryNetwork(script: string, limitMs: number): Promise<CommandOutput> {
    return this.#toolboxes.alone(script, limitMs);
  }

  async onDisk(member: TopologyMember, script: string, limitMs: number): Promise<CommandOutput> {
    const disk = keeperOf(member);
    const owner = await execIn(this.#docker, disk, ["stat", "-c", "%u", "/disk"], engineLimitMs);
    return execIn(this.#docker, disk, ["sh", "-c", `cd /disk && { ${script}\n}`], limitMs, `${owner.stdout.trim()}:0`);
  }

  whyNoPowerCut(member: TopologyMember): Promise<string | undefined> {
    return this.#power.whyNot(member);
  }

  cutPower(member: TopologyMember): Promise<void> {
    return this.#power.cut(member);
  }

  powerOff(member: TopologyMember): Promise<number | undefined> {
    return this.#power.off(member);
  }

  restorePower(member: TopologyMember): Promise<void> {
    return this.#power.restore(member);
  }

  memory(member: TopologyMember): Promise<MemoryLook> {
    return lookAtMemory(this.#docker, containersOf(member).main);
  }

  async limitMemory(member: TopologyMember, bytes: number): Promise<void> {
    const {main} = containersOf(member);
    const change = this.#docker.getContainer(main).update({Memory: bytes, MemorySwap: bytes});
    await within(engineLimitMs, `changing the memory of ${main}`, change);
  }

  async whyNoDiskLimit(member: TopologyMember): Promise<string | undefined> {
    return (await this.#throttle(member)).why;
  }

  async limitDisk(member: TopologyMember, bytesPerSecond: number | undefined): Promise<void> {
    const throttle = await this.#throttle(member);
    if (throttle.why) throw new Error(throttle.why);
    await throttle.set(bytesPerSecond);
  }

  async diskLimit(member: TopologyMember) {
    return (await this.#throttle(member)).get();
  }

  async #throttle(member: TopologyMember): Promise<Throttle> {
    const {Id, State} = await this.#inspect(containersOf(member).main);
    const {DockerRootDir} = await within(engineLimitMs, "asking docker for its folder", this.#docker.info());
    return Throttle.of(Id, State.Pid, DockerRootDir);
  }

  async keepBusy(member: TopologyMember, id: string, cores: number): Promise<void> {
    const {Config} = await this.#inspect(containersOf(member).main);
    await this.#neighbours.start(id, cores, Config.Labels[labels.stack] ?? "");
  }

  busyMs(id: string): Promise<number[]> {
    return this.#neighbours.usedMs(id);
  }

  endBusy(id: string): Promise<void> {
    return this.#neighbours.end(id);
  }

  client(spec: ClientSpec): Promise<ClientProcess> {
    const network = spec.network ? this.#networks[spec.network] : "none";
    if (!network) throw new Error(`The stack has no network "${spec.network}" for the client ${spec.name}.`);
    return startClient(this.#docker, spec, network, this.#starts);
  }

  async removeClients(dead: (run: string, stack: string) => boolean): Promise<string[]> {
    const found = await this.#docker.listContainers({
      all: true,
      filters: {label: [labels.run]},
    });
    const gone = found.filter(c => dead(c.Labels[labels.run]!, c.Labels[labels.stack] ?? ""));
    await Promise.all(
      gone.map(c => this.#docker.getContainer(c.Id).remove({force: true, v: true}).catch(ignore(404, 409))),
    );
    return gone.map(c => c.Names[0]!.slice(1));
  }

  async machine(): Promise<Record<string, string | number>> {
    const info = await within(engineLimitMs, "asking docker for its figures", this.#docker.info());
    return {
      cores: info.NCPU,
      // Figures of a machine that has other things to do mean little; this shows it.
      loadAverage: Math.round(loadavg()[0]! * 10) / 10,
      memoryMiB: Math.round(info.MemTotal / 1024 / 1024),
      kernel: info.KernelVersion,
      system: info.OperatingSystem,
      docker: info.ServerVersion,
      node: process.version,
    };
  }

  #containerOf(member: TopologyMember, process: string): string {
    const all = processesOf(member);
    const name = all[process];
    if (name) return name;
    throw new Error(`${member.name} has no process ${process}. It has ${Object.keys(all).join(", ")}.`);
  }

  #inspect(name: string): Promise<Docker.ContainerInspectInfo> {
    return within(engineLimitMs, `looking at ${name}`, this.#docker.getContainer(name).inspect());
  }

  async #all(
    member: TopologyMember,
    what: string,
    action: (container: Docker.Container) => Promise<unknown>,
  ): Promise<void> {
    await Promise.all(Object.values(processesOf(member)).map(name => this.#do(name, what, action)));
  }

  /** 304 and 409 mean that it already is as wanted; whoever asked looks afterwards. */
  async #do(
    name: string,
    what: string,
    action: (c: Docker.Container) => Promise<unknown>,
    limitMs = engineLimitMs,
  ): Promise<void> {
    const done = action(this.#docker.getContainer(name)).catch(ignore(304, 409));
    await within(limitMs, `docker ${what} of ${name}`, done);
  }
}
