import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {labels} from "../../lib/names.ts";
import {type Problem, refuse, resourceName, show, unique} from "../../lib/problems.ts";
import {showSubnet} from "../../lib/subnets.ts";
import type {NetworkPurpose} from "../../lib/topology.ts";
import type {
  DiskSpec,
  GuardSpec,
  LeaveSpec,
  Member,
  MemberSpec,
  OnceSpec,
  Platform,
  PlatformNetwork,
  Volume,
} from "../platform.ts";
import {AddressBook, planSubnets, purposes} from "./addresses.ts";
import {type DockerContext, dependencies, labelList, type StackImage} from "./context.ts";
import {createDisk} from "./disk.ts";
import {recipeOf} from "./images.ts";
import {createMember} from "./member.ts";
import {containerArgs} from "./process.ts";
import {Gate, Job, Leave, Secret} from "./resources.ts";
import {createStarter} from "./starter.ts";

export interface DockerPlatformArgs {
  /** Names of the zones, labels of a failure domain that a fault can take whole. */
  zones: string[];
  /** Subnet of the stack, /22 or larger, inside 198.18.0.0/15 for a lab. It must be free on the docker engine. */
  subnet: string;
  /** Path of the engine's socket on the engine's own machine, for the starter; `none` leaves the starter out. Default
   *  `auto`: the one in DOCKER_HOST, else `/var/run/docker.sock`. */
  engineSocket?: string;
}

/** The docker engine of one machine: three internal networks, members as containers, zones by label. */
export class DockerPlatform extends pulumi.ComponentResource implements Platform, DockerContext {
  readonly kind = "docker" as const;
  readonly zones: readonly string[];
  readonly labels: Record<string, string>;
  private readonly prefix: string;
  private readonly networks: Record<NetworkPurpose, PlatformNetwork & {resource: docker.Network}>;
  private readonly images = new Map<string, StackImage>();

  constructor(name: string, args: DockerPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:docker:Platform", name, {}, opts);
    refuse(`platform "${name}"`, checkPlatform(args));
    const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
    this.zones = args.zones;
    this.labels = {[labels.stack]: stack};
    this.prefix = pulumi.getStack();
    this.networks = this.createNetworks(name, args.subnet);
    const {engineSocket: socket = "auto"} = args;
    if (socket !== "none") createStarter(this, socket, {parent: this});
    this.registerOutputs({});
  }

  named(name: string): string {
    return `${this.prefix}-${name}`;
  }

  network(purpose: NetworkPurpose): PlatformNetwork {
    return this.networks[purpose];
  }

  /** Gives a component its addresses now, on every network. They follow the order in which components first ask: what
   *  is added to a stack later must ask after those that stand. */
  reserve(component: string): void {
    for (const purpose of purposes) this.network(purpose).address(component, 0);
  }

  volume(name: string, opts: pulumi.ComponentResourceOptions, disk?: DiskSpec): Volume {
    if (disk) return createDisk(this, name, disk, opts);
    const resource = new docker.Volume(
      name,
      {name: this.named(name), labels: labelList(this.labels)},
      {parent: opts.parent},
    );
    return {name: this.named(name), resource};
  }

  secret(name: string, args: {length?: number}, opts: pulumi.ComponentResourceOptions): pulumi.Output<string> {
    return new Secret(name, args, {parent: opts.parent}).value;
  }

  member(name: string, spec: MemberSpec, opts: pulumi.ComponentResourceOptions): Member {
    return createMember(
      this,
      name,
      spec,
      this.afterNetworks(opts, Object.keys(spec.addresses) as NetworkPurpose[], spec.volumes),
    );
  }

  once(name: string, spec: OnceSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    const image = this.image(spec.image);
    const tags = {...this.labels, [labels.component]: spec.component, [labels.member]: name, [labels.role]: "job"};
    const files = spec.files?.length ? this.filesVolume(name, tags, {parent: opts.parent}) : undefined;
    const after = this.afterNetworks(opts, spec.networks, spec.volumes);
    const {
      init: _,
      destroyGraceSeconds: __,
      ...args
    } = containerArgs(spec, {
      name: this.named(name),
      image: image.tag,
      labels: tags,
      ...(files ? {filesVolume: files.name} : {}),
    });
    return new Job(
      name,
      {
        ...args,
        networksAdvanced: spec.networks.map(purpose => ({name: this.network(purpose).document.name})),
        hosts: Object.entries(spec.hosts ?? {}).map(([host, ip]) => ({host, ip})),
        timeoutSeconds: spec.timeout ?? 120,
        triggers: spec.triggers ?? {},
        ...(spec.lostWith ? {lostWith: spec.lostWith.map(volume => volume.name)} : {}),
      },
      {parent: opts.parent, dependsOn: [...dependencies(after), image.resource, ...(files ? [files] : [])]},
    );
  }

  guard(name: string, spec: GuardSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    const ask = spec.members.map(member => ({member, container: this.named(member), command: spec.health}));
    return new Gate(name, {subject: spec.component, fingerprint: spec.members.join(","), ask}, {parent: opts.parent});
  }

  leave(name: string, {member, others, ...spec}: LeaveSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    const args = {...spec, member, container: this.named(member), others: others.map(other => this.named(other))};
    return new Leave(name, args, {parent: opts.parent, dependsOn: dependencies(opts)});
  }

  image(service: string): StackImage {
    const known = this.images.get(service);
    if (known) return known;
    const {tag, context, dockerfile, buildArgs, base} = recipeOf(service);
    const resource = new docker.RemoteImage(
      `image-${service}`,
      {name: tag, keepLocally: true, build: {context, dockerfile, buildArgs}},
      {parent: this, dependsOn: base === undefined ? [] : [this.image(base).resource]},
    );
    const made = {tag, id: resource.imageId, resource};
    this.images.set(service, made);
    return made;
  }

  filesVolume(name: string, tags: Record<string, string>, opts: pulumi.ResourceOptions): docker.Volume {
    return new docker.Volume(`${name}-files`, {name: this.named(`${name}-files`), labels: labelList(tags)}, opts);
  }

  private createNetworks(name: string, subnet: string) {
    const plan = planSubnets(`platform "${name}"`, subnet);
    const made = purposes.map(purpose => {
      const book = new AddressBook(plan[purpose]);
      const document = {purpose, name: this.named(purpose), subnet: showSubnet(plan[purpose])};
      const resource = new docker.Network(
        purpose,
        {
          name: document.name,
          internal: true,
          ipamConfigs: [{subnet: document.subnet, ipRange: book.dynamic}],
          labels: labelList(this.labels),
        },
        {parent: this},
      );
      return [
        purpose,
        {purpose, document, resource, address: (component: string, index: number) => book.address(component, index)},
      ] as const;
    });
    return Object.fromEntries(made) as unknown as Record<NetworkPurpose, PlatformNetwork & {resource: docker.Network}>;
  }

  private afterNetworks(
    opts: pulumi.ComponentResourceOptions,
    used: NetworkPurpose[],
    volumes: MemberSpec["volumes"] = [],
  ): pulumi.ComponentResourceOptions {
    const needed = [...used.map(purpose => this.networks[purpose].resource), ...volumes.map(v => v.volume.resource)];
    return {...opts, dependsOn: [...dependencies(opts), ...needed]};
  }
}

function socketPath(path: string | undefined): Problem[] {
  if (path === undefined || ["auto", "none"].includes(path) || path.startsWith("/")) return [];
  const message = `is ${show(path)}. It takes "auto", "none" or the path of a socket on the engine's machine, such as "/var/run/docker.sock".`;
  return [{path: "engineSocket", message}];
}

function checkPlatform(args: DockerPlatformArgs): Problem[] {
  return [
    ...(args.zones.length < 1
      ? [{path: "zones", message: 'is empty. Name at least one zone, such as `zones: ["a", "b", "c"]`.'}]
      : []),
    ...args.zones.flatMap((zone, i) => resourceName(`zones[${i}]`, zone)),
    ...unique("zones", args.zones, "zone"),
    ...socketPath(args.engineSocket),
  ];
}
