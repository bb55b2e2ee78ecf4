import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type {NetworkPurpose} from "../../lib/topology.ts";
import type {PlatformNetwork} from "../platform.ts";

/** An image recipe as a resource of the stack. */
export interface StackImage {
  tag: string;
  id: pulumi.Output<string>;
  resource: pulumi.Resource;
}

/** What the parts of the docker platform need of the whole. */
export interface DockerContext {
  /** Labels that everything of this stack carries. */
  readonly labels: Record<string, string>;
  /** The engine's name of an object of this stack, which no other stack on the machine has. */
  named(name: string): string;
  network(purpose: NetworkPurpose): PlatformNetwork;
  /** The recipe's image; each is built or found once a stack. */
  image(service: string): StackImage;
  /** The small volume that carries a container's files. */
  filesVolume(name: string, tags: Record<string, string>, opts: pulumi.ResourceOptions): docker.Volume;
}

/** The resources that the options say to wait for, as a list. */
export function dependencies(opts: pulumi.ResourceOptions): pulumi.Resource[] {
  const given = opts.dependsOn ?? [];
  return (Array.isArray(given) ? given : [given]) as pulumi.Resource[];
}
/** Labels as docker's resources take them. */
export function labelList(tags: Record<string, string>): {label: string; value: string}[] {
  return Object.entries(tags).map(([label, value]) => ({label, value}));
}
