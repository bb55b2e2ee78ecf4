import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import {labels} from "../../lib/names.ts";
import {confined, engineLimitMs, ignore} from "./docker-engine.ts";

/** They end by themselves after that, whatever happens to whoever started them. Seconds. */
const longest = 3600;
/** Label with the id that they are known by. */
const label = "io.holdfast.neighbour";

interface Stats {
  cpu_stats: {cpu_usage: {total_usage: number}};
}

/** Containers that have nothing to do with a stack and keep a core busy each, with docker's usual share of the
 *  processor and without a network. */
export class Neighbours {
  readonly #docker: Docker;
  readonly #image: string | undefined;
  readonly #run: string;

  constructor(docker: Docker, {image, run = "heal"}: {image?: string; run?: string}) {
    this.#docker = docker;
    this.#image = image;
    this.#run = run;
  }

  async start(id: string, cores: number, stack: string): Promise<void> {
    const Image = this.#image;
    if (!Image) throw new Error("Busy neighbours need the image `toolbox`, which this target was not given.");
    const all = Array.from({length: cores}, async (_, index) => {
      const container = await this.#docker.createContainer({
        name: `holdfast-${id}-neighbour-${index}`,
        Image,
        Cmd: ["timeout", String(longest), "sh", "-c", "while :; do :; done"],
        User: "65534:65534",
        Labels: {[labels.stack]: stack, [labels.run]: this.#run, [labels.role]: "neighbour", [label]: id},
        HostConfig: {
          ...confined(32, 16),
          NetworkMode: "none",
        },
      });
      await container.start();
    });
    const started = Promise.all(all);
    try {
      await within(engineLimitMs, `starting ${cores} neighbours`, started);
    } catch (error) {
      // Those that come late must not stay when everyone believes that there are none.
      void Promise.allSettled(all).then(() => this.end(id).catch(() => {}));
      throw error;
    }
  }

  /** Processor time that each of them has used, in milliseconds; only those that run. */
  async usedMs(id: string): Promise<number[]> {
    const running = await this.#find(id, false);
    return Promise.all(
      running.map(async ({Id}) => {
        const asked = this.#docker
          .getContainer(Id)
          .stats({stream: false, "one-shot": true}) as unknown as Promise<Stats>;
        const {cpu_stats} = await within(engineLimitMs, "looking at a neighbour", asked);
        return cpu_stats.cpu_usage.total_usage / 1e6;
      }),
    );
  }

  async end(id: string): Promise<void> {
    const found = await this.#find(id, true);
    const removed = found.map(({Id}) => this.#docker.getContainer(Id).remove({force: true}).catch(ignore(404, 409)));
    await within(engineLimitMs, "removing the neighbours", Promise.all(removed));
  }

  #find(id: string, all: boolean): Promise<Docker.ContainerInfo[]> {
    const asked = this.#docker.listContainers({all, filters: {label: [`${label}=${id}`]}});
    return within(engineLimitMs, "looking for the neighbours", asked);
  }
}
