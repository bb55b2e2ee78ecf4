import type Docker from "dockerode";
import {type Look, until, within} from "../../lib/limit.ts";
import {filesDir, labels} from "../../lib/names.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {containersOf} from "./docker-containers.ts";
import {confined, engineLimitMs, ignore} from "./docker-engine.ts";
import {execIn} from "./docker-exec.ts";
import {type DataVolume, makeForeign} from "./docker-foreign.ts";
import type {DataVolumes, NewCluster} from "./target.ts";
import {
  copyScript,
  lookScript,
  readLook,
  replaceScript,
  restoreScript,
  type VolumeContent,
  type VolumeLook,
} from "./volume-scripts.ts";

/** Longest time to copy a volume once. */
const copyLimitMs = 120_000;
/** Longest time until nothing is written to a volume for as long as a copy takes. */
const quietLimitMs = 60_000;

/** Helpers that have a member's data volume, and one beside it for what is kept. They are on no network, and may read
 *  and write every file there as its owner is; members need no right to it. */
export class Volumes implements DataVolumes {
  readonly #docker: Docker;
  readonly #image: string | undefined;
  readonly #run: string;
  /** By volume: the helper's name once it runs. */
  readonly #running = new Map<string, Promise<string>>();
  /** What was made ready in this run, by volume and content. */
  readonly #ready = new Map<string, Promise<void>>();

  constructor(docker: Docker, {image, run = "heal"}: {image?: string; run?: string}) {
    this.#docker = docker;
    this.#image = image;
    this.#run = run;
  }

  async has(member: TopologyMember): Promise<boolean> {
    return (await this.#find(member)) !== undefined;
  }

  /** The volume that the main process keeps its data in; undefined where it has none. */
  async #find(member: TopologyMember): Promise<DataVolume | undefined> {
    const {main} = containersOf(member);
    const {Mounts} = await within(engineLimitMs, `looking at ${main}`, this.#docker.getContainer(main).inspect());
    const mount = Mounts.find(m => m.Type === "volume" && m.RW && m.Destination !== filesDir);
    return mount?.Name === undefined ? undefined : {name: mount.Name, path: mount.Destination};
  }

  /** Makes an old or a foreign content ready, once a run. */
  async prepare(member: TopologyMember, content: VolumeContent, cluster: NewCluster | undefined): Promise<void> {
    const data = await this.#data(member);
    await this.#helper(member, data);
    if (content === "empty") return;
    const key = `${data.name} ${content}`;
    const ready =
      this.#ready.get(key) ?? (content === "old" ? this.#copy(member) : this.#foreign(member, data, cluster));
    this.#ready.set(key, ready);
    ready.catch(() => this.#ready.delete(key));
    await ready;
  }

  async look(member: TopologyMember): Promise<VolumeLook> {
    return readLook((await this.#must(member, "looked at", lookScript)).stdout);
  }

  async replace(member: TopologyMember, content: VolumeContent): Promise<void> {
    await this.#must(member, "replaced", replaceScript(content));
  }

  async restore(member: TopologyMember, always: boolean): Promise<void> {
    await this.#must(member, "put back", restoreScript(always));
  }

  async #copy(member: TopologyMember): Promise<void> {
    const what = `A copy of the data of ${member.name} while nothing is written`;
    await until(what, {limitMs: quietLimitMs, everyMs: 500}, async (): Promise<Look<true>> => {
      const {code, stdout, stderr} = await this.#in(member, copyScript);
      if (code === 0) return {done: true};
      if (code !== 5) throw new Error(`${member.name}: its volume could not be copied: ${stderr.trim()}`);
      return {seen: `${stdout.trim().split("\n").join(", ") || "a file that went"} was written meanwhile`};
    });
  }

  async #foreign(member: TopologyMember, data: DataVolume, cluster: NewCluster | undefined): Promise<void> {
    const {bootstrap = [], proof} = cluster ?? {};
    const made = await makeForeign(this.#docker, member, data, {image: this.#imageName(), run: this.#run, bootstrap});
    const name = `${made.volume}-copy`;
    try {
      const binds = [`${made.volume}:/foreign`, `${keptOf(data)}:/kept`];
      await this.#start(name, binds, made.stack);
      // It was made with this stack's own secrets. Another cluster has others, so what proves whose data it is is
      // another's too.
      const copy = "rm -rf /kept/foreign && mkdir /kept/foreign && cp -a /foreign/. /kept/foreign/";
      const file = `/kept/foreign/${proof}`;
      const forge = `{ [ ! -e ${file} ] || echo "made with another cluster's key" >${file}; }`;
      const script = proof === undefined ? copy : `${copy} && ${forge}`;
      const {code, stderr} = await execIn(this.#docker, name, ["sh", "-c", script], copyLimitMs);
      if (code !== 0) throw new Error(`${member.name}: the foreign volume could not be copied: ${stderr.trim()}`);
    } finally {
      await this.#remove(name);
      await made.remove();
    }
  }

  async #must(member: TopologyMember, what: string, script: string): Promise<CommandOutput> {
    const output = await this.#in(member, script);
    if (output.code === 0) return output;
    throw new Error(
      `${member.name}: its volume could not be ${what}: ${output.stderr.trim() || `exit code ${output.code}`}`,
    );
  }

  async #in(member: TopologyMember, script: string): Promise<CommandOutput> {
    const helper = await this.#helper(member, await this.#data(member));
    return execIn(this.#docker, helper, ["sh", "-c", `volume=/volume kept=/kept; ${script}`], copyLimitMs);
  }

  async #data(member: TopologyMember): Promise<DataVolume> {
    const data = await this.#find(member);
    if (!data) throw new Error(`${member.name} has no data volume.`);
    return data;
  }

  /** The helper of that volume, which ends with the run. */
  #helper(member: TopologyMember, data: DataVolume): Promise<string> {
    const known = this.#running.get(data.name);
    if (known) return known;
    const name = this.#begin(member, data);
    this.#running.set(data.name, name);
    name.catch(() => this.#running.delete(data.name));
    return name;
  }

  async #begin(member: TopologyMember, data: DataVolume): Promise<string> {
    const {main} = containersOf(member);
    const {Config} = await within(engineLimitMs, `looking at ${main}`, this.#docker.getContainer(main).inspect());
    const stack = Config.Labels[labels.stack] ?? "";
    const kept = this.#docker.createVolume({
      Name: keptOf(data),
      Labels: {[labels.stack]: stack, [labels.role]: "kept"},
    });
    await within(engineLimitMs, `making ${keptOf(data)}`, kept);
    const binds = [`${data.name}:/volume`, `${keptOf(data)}:/kept`];
    // What is written to a disk of memory counts as the writer's.
    return this.#start(`${data.name}-helper`, binds, stack, 256 + (member.handle.disk?.megabytes ?? 0));
  }

  async #start(name: string, binds: string[], stack: string, memory = 256): Promise<string> {
    await this.#remove(name);
    const container = await this.#docker.createContainer({
      name,
      Image: this.#imageName(),
      User: "0:0",
      Labels: {[labels.stack]: stack, [labels.run]: this.#run, [labels.role]: "toolbox"},
      HostConfig: {
        ...confined(memory, 64),
        NetworkMode: "none",
        // Files belong to the member's user, and are to do so again.
        CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
        Binds: binds,
      },
    });
    await within(engineLimitMs, `starting ${name}`, container.start());
    return name;
  }

  async #remove(name: string): Promise<void> {
    const gone = this.#docker.getContainer(name).remove({force: true});
    await within(engineLimitMs, `removing ${name}`, gone.catch(ignore(404, 409)));
  }

  #imageName(): string {
    if (this.#image) return this.#image;
    throw new Error("Faults of the volume need the image `toolbox`, which this target was not given.");
  }
}

/** The volume beside it: what was there before, and what is made ready. It has the stack's label, and goes with the
 *  stack. */
const keptOf = (data: DataVolume): string => `${data.name}-kept`;
