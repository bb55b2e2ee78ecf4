import type Docker from "dockerode";
import {type Look, until, within} from "../../lib/limit.ts";
import {filesDir, labels} from "../../lib/names.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {containersOf, networkOf} from "./docker-containers.ts";
import {confined, engineLimitMs, ignore} from "./docker-engine.ts";
import {execIn} from "./docker-exec.ts";

const bootstrapLimitMs = 120_000;
const healthyLimitMs = 120_000;

/** A member's data volume, as its container has it. */
export interface DataVolume {
  name: string;
  path: string;
}

/** A volume that another cluster of the same kind left. */
export interface ForeignVolume {
  volume: string;
  stack: string;
  remove(): Promise<void>;
}

interface ForeignArgs {
  /** Image of the helper that has the network. */
  image: string;
  run: string;
  /** What makes the data of a new cluster in an empty volume. */
  bootstrap: readonly string[];
}

/** Makes it as the member's own cluster was made: the bootstrap one-shot of its component, then a start as the only
 *  member, until it is healthy, and a stop in good order. All of it has the member's addresses and names, on a network
 *  that nobody else is on. */
export async function makeForeign(
  docker: Docker,
  member: TopologyMember,
  data: DataVolume,
  {image, run, bootstrap}: ForeignArgs,
): Promise<ForeignVolume> {
  const look = (name: string) => within(engineLimitMs, `looking at ${name}`, docker.getContainer(name).inspect());
  const {main, companions} = containersOf(member);
  const [own, net] = await Promise.all([look(main), look(networkOf(member))]);
  const beside = await Promise.all(Object.values(companions).map(look));
  const stack = own.Config.Labels[labels.stack] ?? "";
  const volume = `${data.name}-foreign`;
  const names = [...["first", "member", ...beside.keys()].map(name => `${volume}-${name}`), `${volume}-net`];
  const tags = {[labels.stack]: stack, [labels.run]: run, [labels.role]: "toolbox"};

  const remove = async () => {
    for (const name of names) await docker.getContainer(name).remove({force: true, v: true}).catch(ignore(404, 409));
    await docker.getVolume(volume).remove().catch(ignore(404));
  };
  /** A process of the member, with other data. */
  const start = async (
    name: string,
    of: Docker.ContainerInspectInfo,
    more: {command?: string[]; binds?: string[]} = {},
  ) => {
    const {Image, Env, User, Cmd} = of.Config;
    const {Tmpfs, Memory, MemorySwap, Ulimits, CapDrop, CapAdd, SecurityOpt, ReadonlyRootfs, Init, Binds} =
      of.HostConfig;
    const theirs = (bind: string) => (bind.startsWith(`${data.name}:`) ? volume + bind.slice(data.name.length) : bind);
    const container = await docker.createContainer({
      name: `${volume}-${name}`,
      Image,
      Env,
      User,
      Cmd: more.command ?? Cmd,
      Labels: tags,
      HostConfig: {
        ...{Tmpfs, Memory, MemorySwap, Ulimits, CapDrop, CapAdd, SecurityOpt, ReadonlyRootfs, Init},
        NetworkMode: `container:${volume}-net`,
        Binds: (more.binds ?? Binds ?? []).map(theirs),
      },
    });
    await within(engineLimitMs, `starting ${volume}-${name}`, container.start());
    return container;
  };

  try {
    await remove();
    await docker.createVolume({Name: volume, Labels: {[labels.stack]: stack, [labels.role]: "kept"}});
    await isolate(docker, `${volume}-net`, {image, tags, net, addresses: Object.values(member.addresses)});
    const files = await jobFiles(docker, own.Config.Labels);
    const binds = [`${data.name}:${data.path}`, ...(files ? [`${files}:${filesDir}:ro`] : [])];
    const job = await start("first", own, {command: [...bootstrap], binds});
    const ended = await within(bootstrapLimitMs, `Making the data of another cluster (${bootstrap[0]})`, job.wait());
    if (ended.StatusCode !== 0) throw new Error(`${bootstrap[0]} made no other cluster: ${await lastLine(job)}`);
    const alone = await start("member", own);
    // Its health may need them.
    for (const [index, companion] of beside.entries()) await start(`${index}`, companion);
    const what = `Another cluster of ${member.name} alone`;
    await until(what, {limitMs: healthyLimitMs, everyMs: 500}, async (): Promise<Look<true>> => {
      const {code, stdout} = await execIn(docker, `${volume}-member`, member.health, engineLimitMs);
      return code === 0 ? {done: true} : {seen: stdout.trim().split("\n")[0] || `exit code ${code}`};
    }).catch(async error => {
      throw new Error(`${error.message} It wrote: ${await lastLine(alone)}`);
    });
    await within(60_000, `stopping ${volume}-member`, alone.stop({t: 40}));
  } catch (error) {
    await remove();
    throw error;
  }
  return {volume, stack, remove};
}

/** A network of its own with the member's addresses, names and host name; it has no way out, and nobody else is on
 *  it. */
async function isolate(
  docker: Docker,
  name: string,
  {
    image,
    tags,
    net,
    addresses,
  }: {image: string; tags: Record<string, string>; net: Docker.ContainerInspectInfo; addresses: string[]},
): Promise<void> {
  const container = await docker.createContainer({
    name,
    Image: image,
    Hostname: net.Config.Hostname,
    Labels: tags,
    HostConfig: {
      ...confined(64, 64),
      NetworkMode: "none",
      CapAdd: ["NET_ADMIN"],
      ExtraHosts: net.HostConfig.ExtraHosts,
    },
  });
  await within(engineLimitMs, `starting ${name}`, container.start());
  const script = addresses.map(address => `ip addr add ${address}/32 dev lo`).join(" && ");
  const {code, stderr} = await execIn(docker, name, ["sh", "-c", script], engineLimitMs);
  if (code !== 0) throw new Error(`${name}: it could not be given its addresses: ${stderr.trim()}`);
}

/** The volume with the files of the component's one-shot; undefined where it has none. */
async function jobFiles(docker: Docker, own: Record<string, string>): Promise<string | undefined> {
  const label = [labels.stack, labels.component].map(key => `${key}=${own[key] ?? ""}`);
  const {Volumes} = await docker.listVolumes({filters: {label: [...label, `${labels.role}=job`]}});
  return Volumes[0]?.Name;
}

async function lastLine(container: Docker.Container): Promise<string> {
  const log = await container.logs({stdout: true, stderr: true, follow: false, tail: 3});
  // Each line begins with eight bytes that say which stream it is of.
  return (
    log
      .toString("utf8")
      .replaceAll(/[^\n -~]/g, "")
      .trim()
      .split("\n")
      .at(-1) ?? "nothing"
  );
}
