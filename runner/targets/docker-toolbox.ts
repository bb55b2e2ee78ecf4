import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import {labels} from "../../lib/names.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import {confined, engineLimitMs, ignore} from "./docker-engine.ts";
import {execIn} from "./docker-exec.ts";

/** Helpers that share the network of one container each. They have NET_ADMIN and nothing else, which reaches no further
 *  than that network, so that faults of the network work for everybody who may use docker, and members need no
 *  capability for them. */
export class Toolboxes {
  readonly #docker: Docker;
  readonly #image: string | undefined;
  readonly #run: string;
  /** By the container beside which it is: its start, and the helper's name once it runs. */
  readonly #running = new Map<string, {incarnation: string; name: Promise<string>}>();

  constructor(docker: Docker, {image, run = "heal"}: {image?: string; run?: string}) {
    this.#docker = docker;
    this.#image = image;
    this.#run = run;
  }

  /** The helper beside that container. One that was started beside an earlier start of it is in a network that is gone,
   *  and is made anew. */
  async beside(container: string): Promise<string> {
    const {Id, State, Config} = await within(
      engineLimitMs,
      `looking at ${container}`,
      this.#docker.getContainer(container).inspect(),
    );
    if (!State.Running) throw new Error(`${container} does not run, so there is no network to change.`);
    const known = this.#running.get(container);
    if (known?.incarnation === State.StartedAt) return known.name;
    const name = this.#start(`${container}-toolbox`, `container:${Id}`, Config.Labels[labels.stack] ?? "");
    this.#running.set(container, {incarnation: State.StartedAt, name});
    name.catch(() => this.#running.delete(container));
    return name;
  }

  /** Runs a script in a helper that is on no network, and removes it. */
  async alone(script: string, limitMs: number): Promise<CommandOutput> {
    const name = await this.#start(`holdfast-${this.#run}-toolbox`, "none", "");
    try {
      return await execIn(this.#docker, name, ["sh", "-c", script], limitMs);
    } finally {
      await this.#remove(name);
    }
  }

  async #start(name: string, network: string, stack: string): Promise<string> {
    if (!this.#image)
      throw new Error("Faults of the network need the image `toolbox`, which this target was not given.");
    await this.#remove(name);
    const container = await this.#docker.createContainer({
      name,
      Image: this.#image,
      Labels: {[labels.stack]: stack, [labels.run]: this.#run, [labels.role]: "toolbox"},
      HostConfig: {
        ...confined(64, 64),
        NetworkMode: network,
        CapAdd: ["NET_ADMIN"],
      },
    });
    await within(engineLimitMs, `starting ${name}`, container.start());
    return name;
  }

  async #remove(name: string): Promise<void> {
    const gone = this.#docker.getContainer(name).remove({force: true, v: true});
    await within(engineLimitMs, `removing ${name}`, gone.catch(ignore(404)));
  }
}
