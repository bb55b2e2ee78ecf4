import type {ContainerCreateOptions, HealthConfig, HostConfig, MountSettings} from "dockerode";
import {nanoseconds} from "../base/table.ts";
import type {Properties} from "../base/values.ts";
import {toLabels, withOwnLabels} from "./ownership.ts";

const mebibyte = 1024 * 1024;

/** A network that a container joins, as the inputs name it. */
export interface Attachment {
  name: string;
  ipv4Address?: string;
  ipv6Address?: string;
  aliases?: string[];
  linkLocalIps?: string[];
  macAddress?: string;
  driverOpts?: string[];
}

/** Inputs as typed by their table; only what is read here. */
interface Spec {
  name: string;
  image: string;
  command?: string[];
  entrypoints?: string[];
  envs?: string[];
  user?: string;
  groupAdds?: string[];
  hostname?: string;
  domainname?: string;
  workingDir?: string;
  capabilities?: {adds?: string[]; drops?: string[]};
  privileged?: boolean;
  /** Of the project's own `Keeper` alone: the official plugin has no such input. */
  deviceCgroupRules?: string[];
  securityOpts?: string[];
  readOnly?: boolean;
  tmpfs?: Record<string, string>;
  mounts?: Mount[];
  volumes?: {
    containerPath?: string;
    volumeName?: string;
    hostPath?: string;
    fromContainer?: string;
    readOnly?: boolean;
  }[];
  networksAdvanced?: Attachment[];
  networkMode?: string;
  hosts?: {host: string; ip: string}[];
  dns?: string[];
  dnsOpts?: string[];
  dnsSearches?: string[];
  sysctls?: Record<string, string>;
  ulimits?: {name: string; soft: number; hard: number}[];
  shmSize?: number;
  memory?: number;
  memoryReservation?: number;
  memorySwap?: number;
  cpuShares?: number;
  cpus?: string;
  cpuSet?: string;
  cpuPeriod?: number;
  cpuQuota?: number;
  init?: boolean;
  pidMode?: string;
  ipcMode?: string;
  runtime?: string;
  logDriver?: string;
  logOpts?: Record<string, string>;
  stopSignal?: string;
  stopTimeout?: number;
  healthcheck?: {
    tests?: string[];
    interval?: string;
    timeout?: string;
    startPeriod?: string;
    startInterval?: string;
    retries?: number;
  };
  restart?: string;
  maxRetryCount?: number;
  ports?: {internal: number; external?: number; ip?: string; protocol?: string}[];
  publishAllPorts?: boolean;
  tty?: boolean;
  stdinOpen?: boolean;
  rm?: boolean;
}

interface Mount {
  type: "volume" | "bind" | "tmpfs";
  target: string;
  source?: string;
  readOnly?: boolean;
  bindOptions?: {propagation?: string};
  tmpfsOptions?: {mode?: number; sizeBytes?: number};
  volumeOptions?: {
    noCopy?: boolean;
    driverName?: string;
    driverOptions?: Record<string, string>;
    labels?: {label: string; value: string}[];
  };
}

/** Everything that the engine's create call takes, made from checked inputs. Networks past the first are joined
 *  afterwards. */
export function createOptions(urn: string, inputs: Properties): ContainerCreateOptions {
  const spec = inputs as unknown as Spec;
  const first = spec.networksAdvanced?.[0];
  const ports = spec.ports ?? [];
  return {
    name: spec.name,
    Image: spec.image,
    Cmd: spec.command,
    Entrypoint: spec.entrypoints,
    Env: spec.envs,
    User: spec.user,
    Hostname: spec.hostname,
    Domainname: spec.domainname,
    WorkingDir: spec.workingDir,
    Labels: withOwnLabels(urn, inputs),
    Tty: spec.tty,
    OpenStdin: spec.stdinOpen,
    StopSignal: spec.stopSignal,
    StopTimeout: spec.stopTimeout,
    MacAddress: first?.macAddress,
    Healthcheck: healthConfig(spec.healthcheck),
    ExposedPorts: Object.fromEntries(ports.map(port => [`${port.internal}/${port.protocol ?? "tcp"}`, {}])),
    HostConfig: hostConfig(spec),
    NetworkingConfig: first ? {EndpointsConfig: {[first.name]: endpoint(first)}} : undefined,
  };
}

function hostConfig(spec: Spec): HostConfig {
  const volumes = spec.volumes ?? [];
  const named = volumes.filter(volume => volume.volumeName ?? volume.hostPath);
  return {
    NetworkMode: spec.networksAdvanced?.length ? spec.networksAdvanced[0]!.name : spec.networkMode,
    CapAdd: spec.capabilities?.adds,
    CapDrop: spec.capabilities?.drops,
    Privileged: spec.privileged,
    DeviceCgroupRules: spec.deviceCgroupRules,
    SecurityOpt: spec.securityOpts,
    GroupAdd: spec.groupAdds,
    ReadonlyRootfs: spec.readOnly,
    Tmpfs: spec.tmpfs,
    Binds: named.map(v => `${v.volumeName ?? v.hostPath}:${v.containerPath}${v.readOnly ? ":ro" : ""}`),
    VolumesFrom: volumes.flatMap(v => (v.fromContainer ? [`${v.fromContainer}${v.readOnly ? ":ro" : ""}`] : [])),
    Mounts: [...(spec.mounts ?? []).map(mountSettings), ...anonymous(volumes)],
    ExtraHosts: spec.hosts?.map(({host, ip}) => `${host}:${ip}`),
    Dns: spec.dns,
    DnsOptions: spec.dnsOpts,
    DnsSearch: spec.dnsSearches,
    Sysctls: spec.sysctls,
    Ulimits: spec.ulimits?.map(({name, soft, hard}) => ({Name: name, Soft: soft, Hard: hard})),
    ShmSize: spec.shmSize === undefined ? undefined : spec.shmSize * mebibyte,
    ...resources(spec),
    NanoCpus: spec.cpus ? Math.round(Number(spec.cpus) * 1e9) : undefined,
    Init: spec.init,
    PidMode: spec.pidMode,
    IpcMode: spec.ipcMode,
    Runtime: spec.runtime,
    LogConfig: spec.logDriver || spec.logOpts ? {Type: spec.logDriver ?? "", Config: spec.logOpts ?? {}} : undefined,
    RestartPolicy: restartPolicy(spec),
    PortBindings: portBindings(spec.ports ?? []),
    PublishAllPorts: spec.publishAllPorts,
    AutoRemove: false,
  } as HostConfig;
}

const anonymous = (volumes: NonNullable<Spec["volumes"]>): MountSettings[] =>
  volumes
    .filter(v => !v.volumeName && !v.hostPath && !v.fromContainer)
    .map(v => ({Type: "volume", Target: v.containerPath!, Source: "", ReadOnly: v.readOnly}));

function mountSettings(mount: Mount): MountSettings {
  const {bindOptions, tmpfsOptions, volumeOptions} = mount;
  return {
    Type: mount.type,
    Target: mount.target,
    Source: mount.source ?? "",
    ReadOnly: mount.readOnly,
    BindOptions: bindOptions ? {Propagation: bindOptions.propagation} : undefined,
    TmpfsOptions: tmpfsOptions ? {SizeBytes: tmpfsOptions.sizeBytes, Mode: tmpfsOptions.mode} : undefined,
    VolumeOptions: volumeOptions
      ? {
          NoCopy: volumeOptions.noCopy,
          Labels: toLabels(volumeOptions.labels),
          DriverConfig: volumeOptions.driverName
            ? {Name: volumeOptions.driverName, Options: volumeOptions.driverOptions}
            : undefined,
        }
      : undefined,
  } as MountSettings;
}

function portBindings(ports: NonNullable<Spec["ports"]>) {
  const bindings: Record<string, {HostIp: string; HostPort: string}[]> = {};
  for (const {internal, external, ip, protocol} of ports) {
    (bindings[`${internal}/${protocol ?? "tcp"}`] ??= []).push({
      HostIp: ip ?? "0.0.0.0",
      HostPort: external === undefined ? "" : String(external),
    });
  }
  return bindings;
}

function healthConfig(check: Spec["healthcheck"]): HealthConfig | undefined {
  if (!check) return undefined;
  return {
    Test: check.tests,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check.startPeriod),
    StartInterval: nanoseconds(check.startInterval),
    Retries: check.retries,
  } as HealthConfig;
}

const restartPolicy = (spec: Spec) => ({
  Name: spec.restart ?? "no",
  MaximumRetryCount: spec.restart === "on-failure" ? (spec.maxRetryCount ?? 0) : 0,
});

/** Limits that the engine can change while the container runs. */
function resources(spec: Spec) {
  const size = (value: number | undefined) => (value === undefined ? undefined : value < 0 ? -1 : value * mebibyte);
  return {
    Memory: size(spec.memory),
    MemoryReservation: size(spec.memoryReservation),
    MemorySwap: size(spec.memorySwap),
    CpuShares: spec.cpuShares,
    CpusetCpus: spec.cpuSet,
    CpuPeriod: spec.cpuPeriod,
    CpuQuota: spec.cpuQuota,
  };
}

/**
 * The engine's update call for changed limits. Swap goes along with memory, which the engine otherwise refuses to raise
 * above it; shares, period and quota that were left out go back to the kernel's own.
 */
export function updateOptions(inputs: Properties, changed: (key: string) => boolean) {
  const spec = inputs as unknown as Spec;
  const wanted = resources(spec);
  const options: Record<string, unknown> = {};
  if (wanted.Memory !== undefined && (changed("memory") || changed("memorySwap"))) {
    options.Memory = wanted.Memory;
    options.MemorySwap = wanted.MemorySwap ?? wanted.Memory * 2;
  }
  if (changed("memoryReservation")) options.MemoryReservation = wanted.MemoryReservation;
  if (changed("cpuShares")) options.CpuShares = wanted.CpuShares ?? 1024;
  if (changed("cpuSet")) options.CpusetCpus = wanted.CpusetCpus;
  if (changed("cpuPeriod")) options.CpuPeriod = wanted.CpuPeriod ?? 100_000;
  if (changed("cpuQuota")) options.CpuQuota = wanted.CpuQuota ?? -1;
  if (changed("restart") || changed("maxRetryCount")) options.RestartPolicy = restartPolicy(spec);
  return options;
}

/** A network endpoint as the engine takes it. */
export function endpoint(network: Attachment) {
  const {ipv4Address, ipv6Address, linkLocalIps} = network;
  const fixed = ipv4Address || ipv6Address || linkLocalIps?.length;
  return {
    IPAMConfig: fixed ? {IPv4Address: ipv4Address, IPv6Address: ipv6Address, LinkLocalIPs: linkLocalIps} : undefined,
    Aliases: network.aliases,
    MacAddress: network.macAddress,
    DriverOpts: network.driverOpts
      ? Object.fromEntries(network.driverOpts.map(option => option.split(/=(.*)/s).slice(0, 2) as [string, string]))
      : undefined,
  };
}
