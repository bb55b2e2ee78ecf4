import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {clockFolder, clockSettings} from "../../lib/clock.ts";
import {labels, restartPolicy} from "../../lib/names.ts";
import type {NetworkPurpose} from "../../lib/topology.ts";
import type {Member, MemberSpec, ProcessSpec} from "../platform.ts";
import {type DockerContext, dependencies} from "./context.ts";
import {fingerprint} from "./fingerprint.ts";
import {containerArgs} from "./process.ts";
import {Gate} from "./resources.ts";

/** Faults that docker can do to a member. */
const faults = [
  "kill",
  "power",
  "crash",
  "stop",
  "pause",
  "restart",
  "process",
  "partition",
  "loss",
  "slow-link",
  "latency",
  "dns",
  "disk-full",
  "slow-disk",
  "neighbours",
  "memory",
  "clock",
  "volume",
];

/** One member: a container, or, where it has companions or may get some, a group of them around one network namespace.
 *  A holder that only sleeps keeps that namespace, so that a process that dies and is restarted by docker leaves the
 *  others in a network that still exists. */
export function createMember(
  platform: DockerContext,
  name: string,
  spec: MemberSpec,
  opts: pulumi.ComponentResourceOptions,
): Member {
  const gate = new Gate(`${name}-gate`, gateArgs(platform, name, spec), childOptions(opts));
  const inner = {parent: opts.parent, dependsOn: [...dependencies(opts), gate]};
  const companions = spec.companions ?? [];
  const net = spec.companions ? createNet(platform, name, spec, inner) : undefined;
  const main = createProcess(
    platform,
    name,
    "main",
    spec,
    withClock(spec),
    {
      ...(net ? {networkMode: pulumi.interpolate`container:${net.id}`} : networkArgs(platform, name, spec)),
      ...healthArgs(spec),
    },
    inner,
  );
  const others = companions.map(c =>
    createProcess(
      platform,
      `${name}-${c.name}`,
      "companion",
      spec,
      c,
      {networkMode: pulumi.interpolate`container:${net!.id}`},
      inner,
      name,
    ),
  );
  const disk = spec.volumes?.find(v => v.volume.disk)?.volume.disk;
  const keepsNothing = [spec, ...companions].every(process => !process.volumes?.length);
  return {
    name,
    zone: spec.zone,
    addresses: spec.addresses,
    health: spec.health.command,
    handle: {
      platform: "docker",
      faults,
      ...(spec.clock === "settable" ? {clock: true} : {}),
      ...(disk ? {disk: {megabytes: disk.megabytes, kind: disk.kind}} : {}),
      ...(keepsNothing ? {volatile: true} : {}),
      containers: {
        ...(disk ? {disk: disk.keeper} : {}),
        main: platform.named(name),
        ...(net ? {net: platform.named(`${name}-net`)} : {}),
        companions: Object.fromEntries(companions.map(c => [c.name, platform.named(`${name}-${c.name}`)])),
      },
    },
    resources: [...(net ? [net] : []), main, ...others],
  };
}

/** The process asks a library how far its clock is off; the library reads that from a small folder in memory. */
function withClock(spec: MemberSpec): ProcessSpec {
  if (spec.clock !== "settable") return spec;
  const uid = Number(spec.user);
  const folder = {path: clockFolder, megabytes: 1, ...(Number.isNaN(uid) ? {mode: "1777"} : {uid})};
  return {...spec, env: {...spec.env, ...clockSettings}, scratch: [...(spec.scratch ?? []), folder]};
}

function gateArgs(platform: DockerContext, name: string, spec: MemberSpec) {
  return {
    subject: name,
    container: platform.named(name),
    fingerprint: fingerprint(spec, image => platform.image(image).tag),
    ask: spec.peers.map(peer => ({member: peer, container: platform.named(peer), command: spec.health.command})),
  };
}

function createNet(
  platform: DockerContext,
  name: string,
  spec: MemberSpec,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const sleeper: ProcessSpec = {image: "base", command: ["sleep", "infinity"], user: "65534", memory: 16};
  return createProcess(platform, `${name}-net`, "net", spec, sleeper, networkArgs(platform, name, spec), opts, name);
}

/** A container of the member, with the volume for its files. */
function createProcess(
  platform: DockerContext,
  name: string,
  role: "main" | "companion" | "net",
  member: MemberSpec,
  process: ProcessSpec,
  more: Partial<docker.ContainerArgs>,
  opts: pulumi.CustomResourceOptions,
  memberName = name,
): docker.Container {
  const image = platform.image(process.image);
  const tags = {
    ...platform.labels,
    [labels.component]: member.component,
    [labels.member]: memberName,
    [labels.zone]: member.zone,
    [labels.role]: role,
  };
  const files = process.files?.length ? platform.filesVolume(name, tags, {parent: opts.parent}) : undefined;
  const frame = {
    name: platform.named(name),
    image: image.id,
    labels: tags,
    ...(files ? {filesVolume: files.name} : {}),
  };
  return new docker.Container(
    name,
    {
      ...containerArgs(process, frame),
      restart: restartPolicy,
      // The official plugin's read drops a stopped container from the state where this is true.
      mustRun: false,
      ...more,
    },
    {...opts, deleteBeforeReplace: true, dependsOn: [...dependencies(opts), image.resource, ...(files ? [files] : [])]},
  );
}

/** Addresses, names and kernel settings: what belongs to a network namespace. */
function networkArgs(platform: DockerContext, name: string, spec: MemberSpec): Partial<docker.ContainerArgs> {
  const addresses = Object.entries(spec.addresses) as [NetworkPurpose, string][];
  return {
    hostname: spec.hostname ?? name,
    networksAdvanced: addresses.map(([purpose, ipv4Address]) => ({
      name: platform.network(purpose).document.name,
      ipv4Address,
    })),
    hosts: Object.entries(spec.hosts ?? {}).map(([host, ip]) => ({host, ip})),
    ...(spec.sysctls ? {sysctls: spec.sysctls} : {}),
  };
}

function healthArgs(spec: MemberSpec): Partial<docker.ContainerArgs> {
  const {command, interval, timeout, retries, startLimit} = spec.health;
  return {
    healthcheck: {
      tests: ["CMD", ...command],
      interval: `${interval}ms`,
      timeout: `${timeout}ms`,
      retries,
      startPeriod: `${startLimit}ms`,
    },
    wait: true,
    waitTimeout: Math.ceil(startLimit / 1000),
  };
}

const childOptions = (opts: pulumi.ComponentResourceOptions): pulumi.CustomResourceOptions => ({
  parent: opts.parent,
  dependsOn: dependencies(opts),
});
