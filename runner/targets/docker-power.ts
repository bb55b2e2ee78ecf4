import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {cutSignal, signalFromHost} from "./docker-burst.ts";
import {keeperOf} from "./docker-containers.ts";
import {engineLimitMs} from "./docker-engine.ts";
import {execIn} from "./docker-exec.ts";

/** The member before has to let go of its mount, and the journal is replayed. */
const onLimitMs = 60_000;

/** The power of disks that are loop devices: what keeps them mounted (`templates/disk`) cuts it at a signal. */
export class Power {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** Why it cannot be cut; undefined when it can. */
  async whyNot(member: TopologyMember): Promise<string | undefined> {
    const {code, stdout, stderr} = await this.#ask(member, "able", engineLimitMs);
    if (code === 0) return undefined;
    return `The disk of ${member.name} cannot lose its power: ${(stderr || stdout).trim() || `exit code ${code}`}.`;
  }

  async cut(member: TopologyMember): Promise<void> {
    const name = keeperOf(member);
    const container = this.#docker.getContainer(name);
    const {Id, State} = await within(engineLimitMs, `looking at ${name}`, container.inspect());
    if (!State.Running) throw new Error(`${name} does not run, so the power of its disk cannot be cut.`);
    // From the engine's own machine it takes no way through the engine.
    if (await signalFromHost(Id, State.Pid, cutSignal)) return;
    await within(engineLimitMs, `docker kill of ${name}`, container.kill({signal: cutSignal}));
  }

  /** Since when it is off, Unix milliseconds; undefined where it is on. */
  async off(member: TopologyMember): Promise<number | undefined> {
    const {code, stdout, stderr} = await this.#ask(member, "state", engineLimitMs);
    if (code !== 0) throw new Error(`${keeperOf(member)}: ${stderr.trim() || `exit code ${code}`}`);
    const seconds = /^off ([\d.]+)/.exec(stdout)?.[1];
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  }

  /** Mounts the disk anew. Errors: something has the old file system still. */
  async restore(member: TopologyMember): Promise<void> {
    const {code, stderr} = await this.#ask(member, "on", onLimitMs);
    if (code !== 0)
      throw new Error(`The disk of ${member.name} does not come back: ${stderr.trim() || `exit code ${code}`}`);
  }

  #ask(member: TopologyMember, command: string, limitMs: number) {
    return execIn(this.#docker, keeperOf(member), ["holdfast-disk", command], limitMs);
  }
}
