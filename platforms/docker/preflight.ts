import {existsSync} from "node:fs";
import {release} from "node:os";
import type Docker from "dockerode";
import {engineClient} from "../../lib/engine-client.ts";
import {labels} from "../../lib/names.ts";
import {type Problem, refuse} from "../../lib/problems.ts";
import {overlap, parseSubnet, showSubnet} from "../../lib/subnets.ts";
import {planSubnets} from "./addresses.ts";

/** A network of the engine, as far as it matters here. */
export interface OtherNetwork {
  name: string;
  subnets: string[];
  labels: Record<string, string>;
}

/** What of the engine decides whether it can give members disks on loop devices. */
export interface LoopSupport {
  /** As `docker info` has them: `name=rootless`. */
  securityOptions: readonly string[];
  /** Whether the kernel has loop devices; undefined where the engine's kernel is another one than this machine's. */
  loopControl: boolean | undefined;
}

/** Asks the engine, before anything is made, whether the stack's subnet is free and the one that it stands on, and
 *  whether it can do disks on loop devices where the stack wants them. Throws InputError when not, or when no engine
 *  answers. */
export async function preflight(stack: string, subnet: string, wants: {loopDisks?: boolean} = {}): Promise<void> {
  const docker = engineClient();
  let networks: OtherNetwork[];
  let loops: Problem[] = [];
  try {
    if (wants.loopDisks) loops = loopTrouble(await loopSupport(docker));
    networks = (await docker.listNetworks()).map(network => ({
      name: network.Name,
      subnets: (network.IPAM?.Config ?? []).flatMap(config => config.Subnet ?? []),
      labels: network.Labels ?? {},
    }));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    refuse(`stack ${stack}`, [
      {
        path: "",
        message: `needs a docker engine, and none answers: ${said}. \`./holdfast doctor\` says how to get one.`,
      },
    ]);
    return;
  }
  refuse(`stack ${stack}`, [
    ...takenBy(stack, subnet, networks),
    ...standsElsewhere(stack, subnet, networks),
    ...loops,
  ]);
}

async function loopSupport(docker: Docker): Promise<LoopSupport> {
  const {SecurityOptions, KernelVersion} = await docker.info();
  const here = process.platform === "linux" && KernelVersion === release();
  return {
    securityOptions: SecurityOptions ?? [],
    loopControl: here ? existsSync("/dev/loop-control") : undefined,
  };
}

/** Why the engine cannot make disks on loop devices: no problem when it can, as far as can be told before one is
 *  made. */
export function loopTrouble({securityOptions, loopControl}: LoopSupport): Problem[] {
  const has = (name: string) => securityOptions.some(option => option.split(",").includes(`name=${name}`));
  const refused = (why: string) => [
    {path: "disk", message: `is "loop", and ${why} Or give members disks of memory: \`--config disk=memory\`.`},
  ];
  if (has("rootless"))
    return refused("the docker engine is rootless, so it may not mount a file system. Use one that runs as root.");
  if (has("userns"))
    return refused(
      "the docker engine remaps users (`userns-remap`), so nothing in a container may mount a file system. Use one that does not.",
    );
  if (loopControl === false)
    return refused("this machine has no loop devices: /dev/loop-control is not there. Load them: `modprobe loop`.");
  return [];
}

/** A problem for each network of somebody else that shares an address with the subnet. */
export function takenBy(stack: string, subnet: string, networks: readonly OtherNetwork[]): Problem[] {
  const mine = parseSubnet(subnet);
  if (!mine) return [];
  return networks
    .filter(network => network.labels[labels.stack] !== stack)
    .flatMap(network =>
      network.subnets
        .filter(text => {
          const theirs = parseSubnet(text);
          return theirs !== undefined && overlap(mine, theirs);
        })
        .map(text => ({
          path: "subnet",
          message: `is "${subnet}", which overlaps ${text} of the docker network ${network.name}${ownerOf(network)}. Give this stack a /22 of its own in 198.18.0.0/15, such as \`--config subnet=198.18.68.0/22\`.`,
        })),
    );
}

/** A problem when the stack stands on another subnet: docker cannot change a network that members are on, so that an
 *  update would end half-way. */
export function standsElsewhere(stack: string, subnet: string, networks: readonly OtherNetwork[]): Problem[] {
  const planned = Object.values(planSubnets(`stack ${stack}`, subnet)).map(showSubnet);
  const outside = networks
    .filter(network => network.labels[labels.stack] === stack)
    .flatMap(network => network.subnets)
    .filter(text => !planned.includes(text));
  if (outside.length === 0) return [];
  const [project, name] = stack.split("/") as [string, string];
  const reference = name === project ? name : `${project}:${name}`;
  const message = `is "${subnet}", and the stack stands on ${outside.join(", ")}. The addresses of members that stand cannot change: set the old one again, or take the stack down first, which loses its data (\`./holdfast down ${reference}\`).`;
  return [{path: "subnet", message}];
}

function ownerOf(network: OtherNetwork): string {
  const owner = network.labels[labels.stack];
  return owner ? ` (stack ${owner})` : "";
}
