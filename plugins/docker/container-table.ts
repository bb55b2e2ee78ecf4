import type {Shape, Table} from "../base/table.ts";

const list = (shape: Shape): Shape => ({list: shape});
const object = (table: Table): Shape => ({object: table});
const strings = list("string");
const text: Shape = {map: "string"};
const replace = true;
const set = true;

export const labels: Shape = list(
  object({label: {shape: "string", required: true}, value: {shape: "string", required: true}}),
);

const healthcheck: Table = {
  tests: {shape: strings, required: true},
  interval: {shape: "duration"},
  timeout: {shape: "duration"},
  startPeriod: {shape: "duration"},
  startInterval: {shape: "duration"},
  retries: {shape: "integer"},
};

const mount: Table = {
  type: {shape: "string", required: true, only: ["volume", "bind", "tmpfs"]},
  target: {shape: "string", required: true},
  source: {shape: "string"},
  readOnly: {shape: "boolean"},
  bindOptions: {shape: object({propagation: {shape: "string"}})},
  tmpfsOptions: {shape: object({mode: {shape: "integer"}, sizeBytes: {shape: "integer"}})},
  volumeOptions: {
    shape: object({
      noCopy: {shape: "boolean"},
      driverName: {shape: "string"},
      driverOptions: {shape: text},
      labels: {shape: labels, set},
    }),
  },
};

const volume: Table = {
  containerPath: {shape: "string"},
  volumeName: {shape: "string"},
  hostPath: {shape: "string"},
  fromContainer: {shape: "string"},
  readOnly: {shape: "boolean"},
};

const upload: Table = {
  file: {shape: "string", required: true},
  content: {shape: "string"},
  contentBase64: {shape: "string"},
  source: {shape: "string"},
  sourceHash: {shape: "string"},
  permissions: {shape: "string"},
  executable: {shape: "boolean"},
  owner: {shape: "string"},
  group: {shape: "string"},
};

const network: Table = {
  name: {shape: "string", required: true},
  ipv4Address: {shape: "string"},
  ipv6Address: {shape: "string"},
  aliases: {shape: strings, set},
  linkLocalIps: {shape: strings, set},
  macAddress: {shape: "string"},
  driverOpts: {shape: strings, set},
};

const port: Table = {
  internal: {shape: "integer", required: true},
  external: {shape: "integer"},
  ip: {shape: "string", default: "0.0.0.0"},
  protocol: {shape: "string", default: "tcp"},
};

/** What a process in a container is given: shared by containers and jobs. Sizes are in MiB, as in the official
 *  plugin. */
export const processInputs: Table = {
  image: {shape: "string", required: true, replace},
  command: {shape: strings, replace},
  entrypoints: {shape: strings, replace},
  envs: {shape: strings, set, replace},
  user: {shape: "string", replace},
  groupAdds: {shape: strings, set, replace},
  hostname: {shape: "string", replace},
  domainname: {shape: "string", replace},
  workingDir: {shape: "string", replace},
  capabilities: {shape: object({adds: {shape: strings, set}, drops: {shape: strings, set}}), replace},
  privileged: {shape: "boolean", replace},
  securityOpts: {shape: strings, set, replace},
  readOnly: {shape: "boolean", replace},
  tmpfs: {shape: text, replace},
  mounts: {shape: list(object(mount)), set, replace},
  volumes: {shape: list(object(volume)), set, replace},
  uploads: {shape: list(object(upload)), set, replace},
  networksAdvanced: {shape: list(object(network)), set, replace},
  networkMode: {shape: "string", replace},
  hosts: {
    shape: list(object({host: {shape: "string", required: true}, ip: {shape: "string", required: true}})),
    set,
    replace,
  },
  dns: {shape: strings, replace},
  dnsOpts: {shape: strings, replace},
  dnsSearches: {shape: strings, replace},
  sysctls: {shape: text, replace},
  ulimits: {
    shape: list(
      object({
        name: {shape: "string", required: true},
        soft: {shape: "integer", required: true},
        hard: {shape: "integer", required: true},
      }),
    ),
    set,
    replace,
  },
  shmSize: {shape: "integer", replace},
  memory: {shape: "integer"},
  memoryReservation: {shape: "integer"},
  memorySwap: {shape: "integer"},
  cpuShares: {shape: "integer"},
  cpus: {shape: "string", replace},
  cpuSet: {shape: "string"},
  cpuPeriod: {shape: "integer"},
  cpuQuota: {shape: "integer"},
  init: {shape: "boolean", replace},
  labels: {shape: labels, set, replace},
  pidMode: {shape: "string", replace},
  ipcMode: {shape: "string", replace},
  runtime: {shape: "string", replace},
  logDriver: {shape: "string", replace},
  logOpts: {shape: text, replace},
  stopSignal: {shape: "string", replace},
  stopTimeout: {shape: "integer", replace},
};

/** Inputs of `docker:index/container:Container`. Replacement follows the official plugin, with one difference: the
 *  engine cannot change `healthcheck`, `tmpfs` and `init` of a container. The official plugin records such a change and
 *  leaves the container as it was; here they replace. */
export const containerInputs: Table = {
  name: {shape: "string", required: true, replace},
  ...processInputs,
  healthcheck: {shape: object(healthcheck), replace},
  restart: {shape: "string", default: "no", only: ["no", "on-failure", "always", "unless-stopped"]},
  maxRetryCount: {shape: "integer", default: 0},
  ports: {shape: list(object(port)), set, replace},
  publishAllPorts: {shape: "boolean", replace},
  tty: {shape: "boolean", replace},
  stdinOpen: {shape: "boolean", replace},
  start: {shape: "boolean", default: true},
  mustRun: {shape: "boolean", default: true},
  attach: {shape: "boolean", default: false},
  logs: {shape: "boolean", default: false},
  rm: {shape: "boolean", default: false},
  wait: {shape: "boolean", default: false},
  waitTimeout: {shape: "integer", default: 60},
  destroyGraceSeconds: {shape: "integer"},
  removeVolumes: {shape: "boolean", default: true},
  containerReadRefreshTimeoutMilliseconds: {shape: "integer", default: 15000},
};

const networkData: Table = {
  networkName: {shape: "string"},
  ipAddress: {shape: "string"},
  ipPrefixLength: {shape: "integer"},
  gateway: {shape: "string"},
  macAddress: {shape: "string"},
  globalIpv6Address: {shape: "string"},
  globalIpv6PrefixLength: {shape: "integer"},
  ipv6Gateway: {shape: "string"},
};

export const containerOutputs: Table = {
  networkDatas: {shape: list(object(networkData))},
  exitCode: {shape: "integer"},
  containerLogs: {shape: "string"},
  bridge: {shape: "string"},
};
