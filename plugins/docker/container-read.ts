import type {ContainerInspectInfo} from "dockerode";
import {sameValue} from "../base/diff.ts";
import type {Properties, Value} from "../base/values.ts";
import {containerInputs} from "./container-table.ts";
import type {Attachment} from "./spec.ts";
import {isUp} from "./wait.ts";

export const mebibyte = 1024 * 1024;
export const size = (bytes: number | undefined) => (bytes && bytes > 0 ? Math.round(bytes / mebibyte) : undefined);

/**
 * The recorded inputs with what differs on the machine. Only what can change on a container without making it anew is
 * compared: the rest cannot have. A container that is down or paused shows as `start: false`, so that the next update
 * starts it; not so where its end is expected (`attach`, `rm`).
 */
export function driftedInputs(inputs: Properties, info: ContainerInspectInfo): Properties {
  const actual = changeable(info);
  const result: Properties = {...inputs};
  for (const [key, value] of Object.entries(actual)) {
    if (!sameValue(containerInputs[key]!, inputs[key], value)) result[key] = value;
  }
  if (inputs.memorySwap === undefined) delete result.memorySwap;
  if (inputs.restart !== "on-failure") result.maxRetryCount = inputs.maxRetryCount;
  const networks = inputs.networksAdvanced as Attachment[] | undefined;
  if (networks?.length) result.networksAdvanced = driftedNetworks(networks, info) as unknown as Value;
  const endsByItself = inputs.attach === true || inputs.rm === true;
  if (inputs.start !== false && !endsByItself && !isUp(info)) result.start = false;
  return result;
}

export function changeable(info: ContainerInspectInfo): Properties {
  const host = info.HostConfig;
  return {
    name: info.Name.replace(/^\//, ""),
    memory: size(host.Memory),
    memoryReservation: size(host.MemoryReservation),
    memorySwap: host.MemorySwap === -1 ? -1 : size(host.MemorySwap),
    cpuShares: host.CpuShares && host.CpuShares !== 1024 ? host.CpuShares : undefined,
    cpuSet: host.CpusetCpus || undefined,
    cpuPeriod: host.CpuPeriod && host.CpuPeriod !== 100_000 ? host.CpuPeriod : undefined,
    cpuQuota: host.CpuQuota && host.CpuQuota > 0 ? host.CpuQuota : undefined,
    restart: host.RestartPolicy?.Name || "no",
    maxRetryCount: host.RestartPolicy?.MaximumRetryCount || undefined,
  };
}

/** Networks that it lost, gained, or is on with another address than wanted. */
function driftedNetworks(wanted: Attachment[], info: ContainerInspectInfo): Attachment[] {
  const joined = Object.entries(info.NetworkSettings.Networks ?? {});
  const kept = wanted.flatMap(network => {
    const found = joined.find(([name, state]) => name === network.name || state.NetworkID === network.name);
    if (!found) return [];
    const config = (found[1].IPAMConfig ?? {}) as {IPv4Address?: string};
    const same = (network.ipv4Address ?? "") === (config.IPv4Address ?? "");
    return [same ? network : {...network, ipv4Address: config.IPv4Address || undefined}];
  });
  const extra = joined
    .filter(([name, state]) => !wanted.some(network => network.name === name || network.name === state.NetworkID))
    .map(([name, state]) => attachment(name, state as unknown as Properties, info));
  return [...kept, ...extra];
}

/** A network that the container is on, as an input. */
export function attachment(name: string, state: Properties, info: ContainerInspectInfo): Attachment {
  const config = (state.IPAMConfig ?? {}) as {IPv4Address?: string};
  const given = ((state.Aliases ?? []) as string[]).filter(
    // The engine adds these two by itself.
    alias => !info.Id.startsWith(alias) && alias !== info.Config.Hostname,
  );
  return {
    name,
    ...(config.IPv4Address ? {ipv4Address: config.IPv4Address} : {}),
    ...(given.length ? {aliases: given} : {}),
  };
}

/** Outputs that users read. Volatile ones (health, time) are left out, so that a refresh of an untouched container is
 *  quiet. */
export function containerOutputsOf(inputs: Properties, info: ContainerInspectInfo): Properties {
  const networks = Object.entries(info.NetworkSettings.Networks ?? {});
  const ended = !isUp(info) && info.State.Status !== "created" && !info.State.Paused;
  return {
    networkDatas: networks.map(([networkName, state]) => ({
      networkName,
      ipAddress: state.IPAddress,
      ipPrefixLength: state.IPPrefixLen,
      gateway: state.Gateway,
      macAddress: state.MacAddress,
      globalIpv6Address: state.GlobalIPv6Address,
      globalIpv6PrefixLength: state.GlobalIPv6PrefixLen,
      ipv6Gateway: state.IPv6Gateway,
    })),
    bridge: (info.NetworkSettings as {Bridge?: string}).Bridge ?? "",
    ...(inputs.rm !== true && (ended || inputs.attach === true) ? {exitCode: info.State.ExitCode} : {}),
  };
}
