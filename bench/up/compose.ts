import {basename} from "node:path";
import {filesDir} from "../../lib/names.ts";

/** A resource of Pulumi's state, as `pulumi stack export --show-secrets` has it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
}

/** A Compose file and the files that its services mount. */
export interface ComposeStack {
  document: ComposeDocument;
  /** By path below the folder of files: `galera-0/galera.cnf`. */
  files: Record<string, {content: string; executable: boolean}>;
}

export interface ComposeDocument {
  services: Record<string, Record<string, unknown>>;
  networks: Record<string, Record<string, unknown>>;
  volumes: Record<string, Record<string, unknown>>;
}

/** Inputs of a container, as far as the platform sets them. */
interface Container {
  name: string;
  image: string;
  command: string[];
  envs: string[];
  user: string;
  readOnly: boolean;
  capabilities: {adds?: string[]; drops: string[]};
  securityOpts: string[];
  init?: boolean;
  tmpfs: Record<string, string>;
  volumes: {containerPath: string; volumeName: string}[];
  mounts?: {type: string; source: string; target: string; readOnly?: boolean}[];
  uploads: {file: string; content: string; permissions: string}[];
  ulimits?: {name: string; soft: number; hard: number}[];
  memory: number;
  cpuShares?: number;
  stopSignal: string;
  stopTimeout: number;
  logDriver: string;
  logOpts: Record<string, string>;
  restart?: string;
  networkMode?: string;
  networksAdvanced?: {name: string; ipv4Address?: string}[];
  hostname?: string;
  hosts?: {host: string; ip: string}[];
  sysctls?: Record<string, string>;
  healthcheck?: {tests: string[]; interval: string; timeout: string; retries: number; startPeriod: string};
}

const kinds = {
  container: "docker:index/container:Container",
  job: "holdfast:docker:Job",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  image: "docker:index/remoteImage:RemoteImage",
};

/** The same containers, networks and volumes as a Compose file, from the state of a stack on docker: a service waits
 *  for what its container waits for in the stack, so that members come up one after the other. `folder` is where the
 *  files will be. */
export function composeOf(resources: readonly StateResource[], folder: string): ComposeStack {
  const of = (type: string) => resources.filter(resource => resource.type === type);
  const processes = [...of(kinds.job), ...of(kinds.container)];
  const networks = new Map(of(kinds.network).map(r => [String(r.inputs!.name), nameOf(r.urn)]));
  const volumes = new Map(of(kinds.volume).map(r => [String(r.inputs!.name), nameOf(r.urn)]));
  const tags = new Map(of(kinds.image).map(r => [String(r.outputs?.imageId), String(r.inputs!.name)]));
  const services = new Map(processes.map(r => [r.id!, nameOf(r.urn)]));
  const stack: ComposeStack = {document: {services: {}, networks: {}, volumes: {}}, files: {}};
  const {document, files} = stack;
  for (const resource of processes) {
    const name = nameOf(resource.urn);
    const container = plain(resource.inputs) as Container;
    const [data, own] = partition(container.volumes, mount => mount.containerPath !== filesDir);
    for (const {file, content, permissions} of container.uploads)
      files[`${name}/${basename(file)}`] = {content, executable: permissions.startsWith("05")};
    const mounts = [
      ...data.map(mount => `${volumes.get(mount.volumeName)}:${mount.containerPath}`),
      ...(own.length > 0 ? [`${folder}/${name}:${filesDir}:ro`] : []),
      ...(container.mounts ?? []).map(({source, target, readOnly}) => `${source}:${target}${readOnly ? ":ro" : ""}`),
    ];
    for (const mount of data) document.volumes[volumes.get(mount.volumeName)!] = {};
    document.services[name] = escaped({
      ...serviceOf(container),
      image: tags.get(container.image) ?? container.image,
      ...(resource.type === kinds.job ? {restart: "no"} : {}),
      ...(mounts.length > 0 ? {volumes: mounts} : {}),
      ...placeOf(container, networks, services),
      depends_on: dependsOn(resource, processes),
    });
  }
  for (const {inputs, urn} of of(kinds.network)) document.networks[nameOf(urn)] = networkOf(inputs!);
  return stack;
}

/** What does not depend on other services. */
function serviceOf(c: Container): Record<string, unknown> {
  return {
    command: c.command,
    environment: c.envs,
    user: c.user,
    read_only: c.readOnly,
    cap_drop: c.capabilities.drops,
    ...(c.capabilities.adds ? {cap_add: c.capabilities.adds.map(name => name.replace(/^CAP_/, ""))} : {}),
    security_opt: c.securityOpts,
    ...(c.init === undefined ? {} : {init: c.init}),
    tmpfs: Object.entries(c.tmpfs).map(([path, options]) => `${path}:${options}`),
    ...(c.ulimits ? {ulimits: Object.fromEntries(c.ulimits.map(({name, soft, hard}) => [name, {soft, hard}]))} : {}),
    mem_limit: `${c.memory}m`,
    memswap_limit: `${c.memory}m`,
    ...(c.cpuShares ? {cpu_shares: c.cpuShares} : {}),
    stop_signal: c.stopSignal,
    stop_grace_period: `${c.stopTimeout}s`,
    logging: {driver: c.logDriver, options: c.logOpts},
    ...(c.restart ? {restart: c.restart} : {}),
    ...(c.healthcheck
      ? {
          healthcheck: {
            test: c.healthcheck.tests,
            interval: c.healthcheck.interval,
            timeout: c.healthcheck.timeout,
            retries: c.healthcheck.retries,
            start_period: c.healthcheck.startPeriod,
          },
        }
      : {}),
  };
}

/** Its networks with their addresses, or the service whose network it shares. */
function placeOf(c: Container, networks: Map<string, string>, services: Map<string, string>): Record<string, unknown> {
  const shared = /^container:(.+)$/.exec(c.networkMode ?? "")?.[1];
  if (shared) return {network_mode: `service:${services.get(shared)}`};
  if (c.networkMode === "none") return {network_mode: "none"};
  return {
    ...(c.hostname ? {hostname: c.hostname} : {}),
    networks: Object.fromEntries(
      (c.networksAdvanced ?? []).map(({name, ipv4Address}) => [
        networks.get(name)!,
        ipv4Address ? {ipv4_address: ipv4Address} : {},
      ]),
    ),
    ...(c.hosts?.length ? {extra_hosts: c.hosts.map(({host, ip}) => `${host}:${ip}`)} : {}),
    ...(c.sysctls ? {sysctls: c.sysctls} : {}),
  };
}

/** A job must have ended well, a member with a health check must be healthy, anything else must run. */
function dependsOn(resource: StateResource, processes: readonly StateResource[]): Record<string, {condition: string}> {
  const waitsFor = processes.filter(other => resource.dependencies?.includes(other.urn));
  return Object.fromEntries(
    waitsFor.map(other => {
      const healthy = other.inputs?.healthcheck ? "service_healthy" : "service_started";
      return [nameOf(other.urn), {condition: other.type === kinds.job ? "service_completed_successfully" : healthy}];
    }),
  );
}

function networkOf(inputs: Record<string, unknown>): Record<string, unknown> {
  const {internal, ipamConfigs} = inputs as {internal: boolean; ipamConfigs: {subnet: string; ipRange: string}[]};
  return {internal, ipam: {config: ipamConfigs.map(({subnet, ipRange}) => ({subnet, ip_range: ipRange}))}};
}

const nameOf = (urn: string): string => urn.split("::").at(-1)!;

const signature = "4dabf18193072939515e22adb298388d";

/** Values without Pulumi's wrappers: an exported secret is its plain value as JSON text. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "plaintext" in value) return plain(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** Compose reads `$` as the begin of a variable. */
function escaped<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll("$", "$$$$") as T;
  if (Array.isArray(value)) return value.map(escaped) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, escaped(one)])) as T;
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter(one => !test(one))];
}
