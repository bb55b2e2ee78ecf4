import * as pulumi from "@pulumi/pulumi";
import test from "ava";
import {type Made, mockPulumi} from "../../test/fake-platform.ts";
import type {MemberSpec, Platform} from "../platform.ts";

const made: Made[] = [];
mockPulumi({
  made,
  stack: "second",
  idOf: name => `${name}-id`,
  computed: ({name}) => ({imageId: `sha256:${name}`, value: "made-up"}),
});

const {DockerPlatform} = await import("./platform.ts");
const {engineSocket} = await import("./starter.ts");

const spec: MemberSpec = {
  component: "db",
  zone: "a",
  image: "base",
  command: ["sleep", "infinity"],
  user: "65534",
  memory: 64,
  addresses: {back: "198.18.65.16"},
  hosts: {"db-1": "198.18.65.17"},
  sysctls: {"net.ipv4.ip_nonlocal_bind": "1"},
  files: [{name: "db.cnf", content: "x"}],
  scratch: [{path: "/run/db", megabytes: 8, uid: 100}],
  health: {command: ["healthy"], interval: 2000, timeout: 1000, retries: 3, startLimit: 60_000},
  peers: ["db-1"],
};

async function childrenOf(make: (platform: Platform) => void, engineSocket = "none"): Promise<Made[]> {
  made.length = 0;
  make(new DockerPlatform("lab", {zones: ["a", "b"], subnet: "198.18.64.0/22", engineSocket}));
  // Registrations are queued behind outputs; the mock monitor answers at once.
  await new Promise(done => setTimeout(done, 300));
  return made.filter(m => m.type !== "docker:index/network:Network" && m.type !== "holdfast:docker:Platform");
}

const of = (children: Made[], name: string) => children.find(m => m.name === name)!.inputs;

test.serial("networks are internal, named after the stack, one /24 each", async t => {
  await childrenOf(() => {});
  t.deepEqual(
    made
      .filter(m => m.type === "docker:index/network:Network")
      .map(m => [m.inputs.name, m.inputs.internal, m.inputs.ipamConfigs]),
    [
      ["second-front", true, [{subnet: "198.18.64.0/24", ipRange: "198.18.64.128/25"}]],
      ["second-back", true, [{subnet: "198.18.65.0/24", ipRange: "198.18.65.128/25"}]],
      ["second-mgmt", true, [{subnet: "198.18.66.0/24", ipRange: "198.18.66.128/25"}]],
    ],
  );
});

test.serial("a member alone is one container with its own address", async t => {
  const children = await childrenOf(platform => platform.member("db-0", spec, {}));
  t.deepEqual(children.map(m => `${m.type} ${m.name}`).sort(), [
    "docker:index/container:Container db-0",
    "docker:index/remoteImage:RemoteImage image-base",
    "docker:index/volume:Volume db-0-files",
    "holdfast:docker:Gate db-0-gate",
  ]);
  const container = of(children, "db-0");
  t.is(container.name, "second-db-0");
  t.true(container.readOnly);
  t.is(container.user, "65534:0");
  t.deepEqual(container.capabilities, {drops: ["ALL"]});
  t.deepEqual(container.securityOpts, ["no-new-privileges:true"]);
  t.deepEqual(container.networksAdvanced, [{name: "second-back", ipv4Address: "198.18.65.16"}]);
  t.deepEqual(container.uploads, [{file: "/holdfast/db.cnf", content: "x", permissions: "0440"}]);
  t.is(container.privileged, undefined);
  t.false(container.mustRun);
});

test.serial("a member with companions is a group around one network namespace", async t => {
  const companions = [
    {name: "watch", image: "base", command: ["watch"], user: "0", memory: 16, capabilities: ["NET_ADMIN" as const]},
  ];
  const children = await childrenOf(platform => platform.member("vip-0", {...spec, companions}, {}));
  t.deepEqual(
    children
      .filter(m => m.type.includes("container:"))
      .map(m => m.name)
      .sort(),
    ["vip-0", "vip-0-net", "vip-0-watch"],
  );
  const [net, main, watch] = ["vip-0-net", "vip-0", "vip-0-watch"].map(name => of(children, name)) as [
    Made["inputs"],
    Made["inputs"],
    Made["inputs"],
  ];
  t.deepEqual(net.networksAdvanced, [{name: "second-back", ipv4Address: "198.18.65.16"}]);
  t.deepEqual(net.sysctls, {"net.ipv4.ip_nonlocal_bind": "1"});
  for (const process of [main, watch]) {
    t.is(process.networkMode, "container:vip-0-net-id");
    t.is(process.networksAdvanced, undefined);
    t.is(process.hosts, undefined);
  }
  t.deepEqual(main.capabilities, {drops: ["ALL"]});
  t.deepEqual(watch.capabilities, {drops: ["ALL"], adds: ["CAP_NET_ADMIN"]});
});

test.serial(
  "a member that may have companions is a group without any, so that its address stays where it is",
  async t => {
    const children = await childrenOf(platform => platform.member("db-0", {...spec, companions: []}, {}));
    t.deepEqual(of(children, "db-0-net").networksAdvanced, [{name: "second-back", ipv4Address: "198.18.65.16"}]);
    t.is(of(children, "db-0").networkMode, "container:db-0-net-id");
  },
);

test.serial("the gate asks the others, and its fingerprint follows the spec, not the list of peers", async t => {
  const gate = async (change: Partial<MemberSpec>) =>
    of(await childrenOf(platform => platform.member("db-0", {...spec, ...change}, {})), "db-0-gate");
  const first = await gate({});
  t.deepEqual(first.ask, [{member: "db-1", container: "second-db-1", command: ["healthy"]}]);
  t.is((await gate({})).fingerprint, first.fingerprint);
  t.is((await gate({peers: ["db-1", "db-2"]})).fingerprint, first.fingerprint);
  t.not((await gate({memory: 65})).fingerprint, first.fingerprint);
  t.not((await gate({files: [{name: "db.cnf", content: pulumi.output("y")}]})).fingerprint, first.fingerprint);
});

test.serial("the engine's socket goes to the starter alone, which has no network and no capability", async t => {
  const member = (platform: Platform) => void platform.member("vip-0", {...spec, companions: []}, {});
  const children = await childrenOf(member, "/run/some/docker.sock");
  const containers = children.filter(m => m.type.includes("container:"));
  t.deepEqual(containers.map(m => m.name).sort(), ["starter", "vip-0", "vip-0-net"]);
  t.deepEqual(
    containers.filter(m => JSON.stringify(m.inputs).includes("docker.sock")).map(m => m.name),
    ["starter"],
  );
  const starter = of(children, "starter");
  t.is(starter.name, "second-starter");
  t.is(starter.networkMode, "none");
  t.is(starter.networksAdvanced, undefined);
  t.true(starter.readOnly);
  t.deepEqual(starter.capabilities, {drops: ["ALL"]});
  t.deepEqual(starter.securityOpts, ["no-new-privileges:true"]);
  t.is(starter.restart, "unless-stopped");
  t.is(starter.privileged, undefined);
  t.deepEqual(starter.mounts, [
    {type: "bind", source: "/run/some/docker.sock", target: "/run/engine.sock", readOnly: true},
  ]);
  t.deepEqual(starter.volumes, []);
  t.true((starter.envs as string[]).includes("HOLDFAST_LABEL=io.holdfast.stack=lab/second"));
  t.deepEqual(
    (starter.labels as {label: string; value: string}[]).find(({label}) => label === "io.holdfast.role"),
    {label: "io.holdfast.role", value: "starter"},
  );
});

test("where an engine has its socket", t => {
  t.is(engineSocket(""), "/var/run/docker.sock");
  t.is(engineSocket("unix:///run/user/1000/docker.sock"), "/run/user/1000/docker.sock");
  t.is(engineSocket("ssh://build@host"), "/var/run/docker.sock");
  t.is(engineSocket("tcp://127.0.0.1:2375"), "/var/run/docker.sock");
  // A virtual machine's socket, passed on.
  t.is(engineSocket("unix:///home/me/.docker/desktop/docker.sock"), "/var/run/docker.sock");
});

test.serial("a socket that is none is refused", t => {
  t.throws(() => new DockerPlatform("lab", {zones: ["a"], subnet: "198.18.64.0/22", engineSocket: "tcp://h"}), {
    message: /engineSocket.*"tcp:\/\/h".*"auto", "none" or the path/s,
  });
});

test.serial("zones are checked before anything is made", t => {
  t.throws(() => new DockerPlatform("lab", {zones: ["a", "a", "B"], subnet: "198.18.64.0/22"}), {
    message: /zones.*"B".*\n.*more than once/s,
  });
});
