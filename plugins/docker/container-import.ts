import type {ContainerInspectInfo, ImageInspectInfo} from "dockerode";
import {duration} from "../base/table.ts";
import {canonical, type Properties, type Value} from "../base/values.ts";
import {attachment, changeable, mebibyte, size} from "./container-read.ts";
import {fromLabels} from "./ownership.ts";
import {isUp} from "./wait.ts";

/** Every input that an existing container shows, without what its image gives: for an import. Uploads cannot be
 *  seen. */
export function importedInputs(info: ContainerInspectInfo, image: ImageInspectInfo | undefined): Properties {
  const {HostConfig: host} = info;
  const config = info.Config as typeof info.Config & {StopSignal?: string; StopTimeout?: number};
  const given = (image?.Config ?? {}) as Properties & {Env?: string[]; Labels?: Record<string, string>};
  const unlike = <T>(value: T, other: Value): T | undefined =>
    canonical(value as Value) === canonical(other) ? undefined : value;
  const filled = <T extends Value>(list: T[] | null | undefined) => (list?.length ? list : undefined);
  const map = (value: object | null | undefined) =>
    Object.keys(value ?? {}).length ? (value as Properties) : undefined;
  const custom = !/^(default|bridge|host|none|container:.*)$/.test(host.NetworkMode ?? "default");
  const joined = Object.entries(info.NetworkSettings.Networks ?? {});
  const health = config.Healthcheck;
  const result: Properties = {
    ...changeable(info),
    image: config.Image,
    command: filled(unlike(config.Cmd ?? [], given.Cmd ?? [])),
    entrypoints: filled(unlike((config.Entrypoint ?? []) as string[], given.Entrypoint ?? [])),
    envs: filled((config.Env ?? []).filter(env => !given.Env?.includes(env))),
    user: unlike(config.User, given.User) || undefined,
    groupAdds: filled(host.GroupAdd),
    hostname: info.Id.startsWith(config.Hostname) ? undefined : config.Hostname,
    domainname: config.Domainname || undefined,
    workingDir: unlike(config.WorkingDir, given.WorkingDir) || undefined,
    capabilities: map({
      ...(host.CapAdd?.length ? {adds: host.CapAdd} : {}),
      ...(host.CapDrop?.length ? {drops: host.CapDrop} : {}),
    }),
    privileged: host.Privileged || undefined,
    securityOpts: filled(host.SecurityOpt),
    readOnly: host.ReadonlyRootfs || undefined,
    tmpfs: map(host.Tmpfs),
    mounts: filled((host.Mounts ?? []).map(mount => mountInput(mount as unknown as Properties))),
    volumes: filled((host.Binds ?? []).map(bindInput)),
    networksAdvanced: custom
      ? filled(joined.map(([name, state]) => attachment(name, state as never, info) as unknown as Properties))
      : undefined,
    networkMode: custom || ["default", "bridge"].includes(host.NetworkMode ?? "default") ? undefined : host.NetworkMode,
    hosts: filled((host.ExtraHosts ?? []).map(hostInput)),
    dns: filled(host.Dns),
    dnsOpts: filled(host.DnsOptions),
    dnsSearches: filled(host.DnsSearch),
    sysctls: map(host.Sysctls),
    ulimits: filled((host.Ulimits ?? []).map(u => ({name: u.Name, soft: u.Soft, hard: u.Hard}))),
    shmSize: host.ShmSize === 64 * mebibyte ? undefined : size(host.ShmSize),
    memorySwap: host.MemorySwap === (host.Memory ?? 0) * 2 || !host.Memory ? undefined : size(host.MemorySwap),
    cpus: host.NanoCpus ? String(host.NanoCpus / 1e9) : undefined,
    init: host.Init || undefined,
    labels: filled(fromLabels(config.Labels, given.Labels)),
    pidMode: host.PidMode || undefined,
    ipcMode: ["", "private", "shareable"].includes(host.IpcMode ?? "") ? undefined : host.IpcMode,
    stopSignal: unlike(config.StopSignal ?? "", given.StopSignal ?? "") || undefined,
    stopTimeout: config.StopTimeout,
    logDriver: host.LogConfig?.Type === "json-file" ? undefined : host.LogConfig?.Type,
    logOpts: map(host.LogConfig?.Config),
    healthcheck: health && unlike(health as Value, given.Healthcheck) ? healthInput(health) : undefined,
    ports: filled(
      Object.entries((host.PortBindings ?? {}) as Record<string, {HostIp: string; HostPort: string}[]>).flatMap(
        portInputs,
      ),
    ),
    publishAllPorts: host.PublishAllPorts || undefined,
    tty: config.Tty || undefined,
    stdinOpen: config.OpenStdin || undefined,
    start: isUp(info) ? undefined : false,
  };
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== undefined));
}

function healthInput(health: NonNullable<ContainerInspectInfo["Config"]["Healthcheck"]>): Properties {
  return {
    tests: health.Test,
    ...(health.Interval ? {interval: duration(health.Interval)} : {}),
    ...(health.Timeout ? {timeout: duration(health.Timeout)} : {}),
    ...(health.StartPeriod ? {startPeriod: duration(health.StartPeriod)} : {}),
    ...(health.Retries ? {retries: health.Retries} : {}),
  };
}

/** `db:10.0.0.1`; an address may have colons itself. */
function hostInput(entry: string): Properties {
  const [host, ip] = entry.split(/:(.*)/s) as [string, string];
  return {host, ip};
}

function mountInput(mount: Properties): Properties {
  const result: Properties = {type: mount.Type, target: mount.Target};
  if (mount.Source) result.source = mount.Source;
  if (mount.ReadOnly) result.readOnly = true;
  const tmpfs = mount.TmpfsOptions as Properties | undefined;
  if (tmpfs)
    result.tmpfsOptions = {
      ...(tmpfs.SizeBytes ? {sizeBytes: tmpfs.SizeBytes} : {}),
      ...(tmpfs.Mode ? {mode: tmpfs.Mode} : {}),
    };
  const volume = mount.VolumeOptions as Properties | undefined;
  if (volume?.NoCopy) result.volumeOptions = {noCopy: true};
  const bind = mount.BindOptions as Properties | undefined;
  if (bind?.Propagation) result.bindOptions = {propagation: bind.Propagation};
  return result;
}

function bindInput(bind: string): Properties {
  const [source = "", containerPath, options] = bind.split(":");
  return {
    containerPath,
    ...(source.startsWith("/") ? {hostPath: source} : {volumeName: source}),
    ...(options?.split(",").includes("ro") ? {readOnly: true} : {}),
  };
}

function portInputs([key, bindings]: [string, {HostIp: string; HostPort: string}[] | null]): Properties[] {
  const [internal, protocol] = key.split("/");
  return (bindings ?? []).map(({HostIp, HostPort}) => ({
    internal: Number(internal),
    ...(HostPort ? {external: Number(HostPort)} : {}),
    ...(HostIp && HostIp !== "0.0.0.0" ? {ip: HostIp} : {}),
    ...(protocol !== "tcp" ? {protocol} : {}),
  }));
}
