import {CliError, exitCodes} from "../lib/exit.ts";
import type {NetworkPurpose, PlatformKind, Topology} from "../lib/topology.ts";
import {recipeOf} from "../platforms/docker/images.ts";
import {DockerTarget} from "../runner/targets/docker.ts";
import type {Target} from "../runner/targets/target.ts";
import {docker} from "../setup/engine.ts";

/** What acts on the members of the stack. `run`: the run that helpers beside them are started for. */
export function targetOf(topology: Pick<Topology, "platform" | "networks">, run?: string): Target {
  const names = topology.networks.map(network => [network.purpose, network.name]);
  return targetFor(topology.platform, Object.fromEntries(names), run);
}

/** What acts on members of that platform. Errors: this version has no target for it. */
export function targetFor(
  platform: PlatformKind,
  networks: Partial<Record<NetworkPurpose, string>> = {},
  run?: string,
): Target {
  if (platform === "docker") return new DockerTarget(networks, docker(), {image: recipeOf("toolbox").tag, run});
  throw new CliError(`Holdfast cannot act on members on ${platform} yet; it does docker.`, exitCodes.unavailable);
}
