import Docker from "dockerode";
import {labels} from "../../lib/names.ts";
import {type Problem, refuse} from "../../lib/problems.ts";
import {overlap, parseSubnet} from "../../lib/subnets.ts";

/** A network of the engine, as far as it matters here. */
export interface OtherNetwork {
  name: string;
  subnets: string[];
  labels: Record<string, string>;
}

/** Asks the engine, before anything is made, whether the stack's subnet is free. Throws InputError when it is not, or when no engine answers. */
export async function preflight(stack: string, subnet: string): Promise<void> {
  const docker = new Docker();
  let networks: OtherNetwork[];
  try {
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
  refuse(`stack ${stack}`, takenBy(stack, subnet, networks));
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

function ownerOf(network: OtherNetwork): string {
  const owner = network.labels[labels.stack];
  return owner ? ` (stack ${owner})` : "";
}
