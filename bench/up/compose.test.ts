import test from "ava";
import {composeOf, plain, type StateResource} from "./compose.ts";

const secret = (text: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(text),
});
const urn = (type: string, name: string) => `urn:pulumi:t::lab::${type}::${name}`;
const basic = {
  envs: [],
  user: "999:0",
  readOnly: true,
  capabilities: {drops: ["ALL"]},
  securityOpts: ["no-new-privileges:true"],
  tmpfs: {"/tmp": "size=1m"},
  volumes: [],
  uploads: [],
  memory: 64,
  stopSignal: "SIGTERM",
  stopTimeout: 10,
  logDriver: "json-file",
  logOpts: {"max-size": "10m"},
};
const make = (
  type: string,
  name: string,
  inputs: object,
  dependencies: string[] = [],
  id = `t-${name}`,
): StateResource => ({
  urn: urn(type, name),
  type,
  id,
  inputs: inputs as Record<string, unknown>,
  outputs: type.includes("remoteImage") ? {imageId: "sha256:1"} : {},
  dependencies,
});
const [container, job, network, volume, image] = [
  "docker:index/container:Container",
  "holdfast:docker:Job",
  "docker:index/network:Network",
  "docker:index/volume:Volume",
  "docker:index/remoteImage:RemoteImage",
];
const resources: StateResource[] = [
  make(image!, "image-db", {name: "holdfast/db:1"}),
  make(network!, "back", {
    name: "t-back",
    internal: true,
    ipamConfigs: [{subnet: "198.18.1.0/24", ipRange: "198.18.1.128/25"}],
  }),
  make(volume!, "db-0", {name: "t-db-0"}),
  make(volume!, "db-0-files", {name: "t-db-0-files"}),
  make(job!, "db-first", {
    ...basic,
    name: "t-db-first",
    image: "holdfast/db:1",
    command: ["first"],
    volumes: [{containerPath: "/var/lib/db", volumeName: "t-db-0"}],
    networksAdvanced: [{name: "t-back"}],
    hosts: [],
  }),
  make(
    container!,
    "db-0-net",
    {
      ...basic,
      name: "t-db-0-net",
      image: "sha256:2",
      command: ["sleep", "infinity"],
      hostname: "db-0",
      networksAdvanced: [{name: "t-back", ipv4Address: "198.18.1.16"}],
      hosts: [{host: "db-1.internal", ip: "198.18.1.17"}],
      sysctls: {"net.ipv4.ip_nonlocal_bind": "1"},
      restart: "unless-stopped",
    },
    [urn(job!, "db-first"), urn(network!, "back")],
    "abc",
  ),
  make(
    container!,
    "db-0",
    {
      ...basic,
      name: "t-db-0",
      image: "sha256:1",
      command: ["sh", "-c", "echo $HOME"],
      capabilities: {drops: ["ALL"], adds: ["CAP_NET_RAW"]},
      networkMode: "container:abc",
      init: true,
      cpuShares: 4096,
      ulimits: [{name: "core", soft: 0, hard: 0}],
      volumes: [
        {containerPath: "/var/lib/db", volumeName: "t-db-0"},
        {containerPath: "/holdfast", volumeName: "t-db-0-files"},
      ],
      uploads: [
        {file: "/holdfast/password", content: secret("pa$$"), permissions: "0440"},
        {file: "/holdfast/run", content: "#!", permissions: "0550"},
      ],
      restart: "unless-stopped",
      healthcheck: {tests: ["CMD", "ok"], interval: "5000ms", timeout: "3000ms", retries: 2, startPeriod: "9000ms"},
    },
    [urn(container!, "db-0-net"), urn(job!, "db-first")],
  ),
  make(
    container!,
    "db-1",
    {...basic, name: "t-db-1", image: "sha256:1", command: ["db"], networksAdvanced: [], hosts: []},
    [urn(container!, "db-0")],
  ),
];

test("the same containers wait for each other as in the stack", t => {
  const {services} = composeOf(resources, "/files").document;
  t.deepEqual(Object.keys(services), ["db-first", "db-0-net", "db-0", "db-1"]);
  t.deepEqual(services["db-first"]!.depends_on, {});
  t.is(services["db-first"]!.restart, "no");
  t.deepEqual(services["db-0-net"]!.depends_on, {"db-first": {condition: "service_completed_successfully"}});
  t.deepEqual(services["db-0"]!.depends_on, {
    "db-first": {condition: "service_completed_successfully"},
    "db-0-net": {condition: "service_started"},
  });
  t.deepEqual(services["db-1"]!.depends_on, {"db-0": {condition: "service_healthy"}});
});

test("a container without a network has none in Compose either, and what is mounted from the machine is", t => {
  const starter = make(container!, "starter", {
    ...basic,
    name: "t-starter",
    image: "sha256:1",
    command: ["start"],
    networkMode: "none",
    mounts: [{type: "bind", source: "/run/docker.sock", target: "/run/engine.sock", readOnly: true}],
  });
  const {services} = composeOf([...resources, starter], "/files").document;
  t.is(services.starter!.network_mode, "none");
  t.is(services.starter!.networks, undefined);
  t.deepEqual(services.starter!.volumes, ["/run/docker.sock:/run/engine.sock:ro"]);
});

test("a service has all that its container has", t => {
  const {services, networks, volumes} = composeOf(resources, "/files").document;
  t.deepEqual(services["db-0"], {
    command: ["sh", "-c", "echo $$HOME"],
    environment: [],
    user: "999:0",
    read_only: true,
    cap_drop: ["ALL"],
    cap_add: ["NET_RAW"],
    security_opt: ["no-new-privileges:true"],
    init: true,
    tmpfs: ["/tmp:size=1m"],
    ulimits: {core: {soft: 0, hard: 0}},
    mem_limit: "64m",
    memswap_limit: "64m",
    cpu_shares: 4096,
    stop_signal: "SIGTERM",
    stop_grace_period: "10s",
    logging: {driver: "json-file", options: {"max-size": "10m"}},
    restart: "unless-stopped",
    healthcheck: {test: ["CMD", "ok"], interval: "5000ms", timeout: "3000ms", retries: 2, start_period: "9000ms"},
    image: "holdfast/db:1",
    volumes: ["db-0:/var/lib/db", "/files/db-0:/holdfast:ro"],
    network_mode: "service:db-0-net",
    depends_on: services["db-0"]!.depends_on,
  });
  t.like(services["db-0-net"], {
    hostname: "db-0",
    networks: {back: {ipv4_address: "198.18.1.16"}},
    extra_hosts: ["db-1.internal:198.18.1.17"],
    sysctls: {"net.ipv4.ip_nonlocal_bind": "1"},
    image: "sha256:2",
  });
  t.deepEqual(networks, {
    back: {internal: true, ipam: {config: [{subnet: "198.18.1.0/24", ip_range: "198.18.1.128/25"}]}},
  });
  t.deepEqual(volumes, {"db-0": {}});
});

test("files are beside it, secrets in plain text and programs as such", t => {
  t.deepEqual(composeOf(resources, "/files").files, {
    "db-0/password": {content: "pa$$", executable: false},
    "db-0/run": {content: "#!", executable: true},
  });
});

test("a secret inside anything becomes its value", t => {
  t.deepEqual(plain({a: [secret("x")], b: 1, c: null}), {a: ["x"], b: 1, c: null});
});
