import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {MemberState} from "../../lib/state/state.ts";
import type {NetworkPurpose} from "../../lib/topology.ts";
import type {ProcessSpec} from "../../platforms/platform.ts";
import {FakePlatform, mockPulumi} from "../../test/fake-platform.ts";
import {docker, ProcessRunner} from "../../test/processes.ts";
import {healthCommand, state} from "./state.ts";

mockPulumi();
const {VirtualIp} = await import("./virtualip.ts");

/** One network for all purposes. */
class OneNetwork extends FakePlatform {
  override network(purpose: NetworkPurpose) {
    const first = {front: 16, back: 32, mgmt: 48}[purpose];
    const document = {purpose, name: prefix, subnet: "198.18.23.0/24"};
    return {purpose, document, address: (_: string, index: number) => `198.18.23.${first + index}`};
  }
}

const prefix = `virtualip-test-${process.pid}`;
const platform = new OneNetwork();
new VirtualIp("vip", {
  platform,
  frontEnds: [
    {
      name: "sql",
      port: 3306,
      mode: "single-writer",
      servers: [0, 1].map(i => ({name: `db-${i}`, address: `198.18.23.10${i}`, port: 3306})),
      check: {kind: "http", port: 9200, path: "/writable"},
      endpoint: {of: "db", protocol: "mysql"},
    },
    {
      name: "amqp",
      port: 5672,
      mode: "balanced",
      servers: [{name: "mq-0", address: "198.18.23.110", port: 5672}],
      check: {kind: "tcp", send: "414d515000000901", expect: "01"},
      endpoint: {of: "mq", protocol: "amqp"},
    },
    {
      name: "web",
      port: 80,
      mode: "http",
      servers: [{name: "web-0", address: "198.18.23.120", port: 80}],
      check: {kind: "tcp"},
      endpoint: {of: "web", protocol: "http"},
    },
  ],
});
const members = ["vip-0", "vip-1"];
const spec = (name: string) => platform.members[name]!;
const processes = new ProcessRunner(prefix);

/** Starts a process that is there until the end. */
async function start(name: string, spec: ProcessSpec, network: string, ...more: string[]): Promise<void> {
  const options = ["-d", "--init", "--restart", "unless-stopped", ...more];
  const {code, stderr} = await processes.start(name, spec, network, options);
  if (code !== 0) throw new Error(stderr);
}

async function startMember(name: string): Promise<void> {
  const member = spec(name);
  const net = `${name}-net`;
  const sysctls = Object.entries(member.sysctls!).flatMap(([key, value]) => ["--sysctl", `${key}=${value}`]);
  const holder: ProcessSpec = {
    image: "keepalived",
    command: ["sleep", "infinity"],
    user: "0",
    capabilities: ["NET_ADMIN"],
    memory: 16,
  };
  await start(net, holder, prefix, "--ip", member.addresses.front!, ...sysctls);
  // All purposes are on the one interface here.
  const address = `${member.addresses.mgmt}/24`;
  await docker("exec", `${prefix}-${net}`, "ip", "address", "add", address, "dev", "eth0");
  const shared = `container:${prefix}-${net}`;
  await start(name, member, shared);
  await start(`${name}-keepalived`, member.companions![0]!, shared);
}

const ask = async (name: string): Promise<MemberState> =>
  state.parse(await docker("exec", `${prefix}-${name}`, ...state.command));

/** Waits until the members' states are as asked for, and gives them. */
async function until(what: string, wanted: (states: MemberState[]) => boolean): Promise<MemberState[]> {
  const end = Date.now() + 60_000;
  for (;;) {
    const states = await Promise.all(members.map(ask));
    if (wanted(states)) return states;
    if (Date.now() > end) throw new Error(`not ${what} within 60 s; last seen: ${JSON.stringify(states)}`);
    await sleep(200);
  }
}

const holders = (states: MemberState[]) => members.filter((_, i) => states[i]!.roles.includes("holder"));

test.before(async () => {
  const {code, stderr} = await docker("network", "create", "--internal", "--subnet", "198.18.23.0/24", prefix);
  if (code !== 0) throw new Error(stderr);
});
test.after.always(async () => {
  await processes.remove();
  await docker("network", "rm", prefix);
});

test.serial("haproxy accepts its configuration", async t => {
  const options = ["--rm", "--init", "--sysctl", "net.ipv4.ip_nonlocal_bind=1"];
  const command = ["haproxy", "-c", "-f", "/holdfast/haproxy.cfg"];
  const {code, text, stderr} = await processes.start("check", spec("vip-0"), "none", options, command);
  t.deepEqual([code, stderr.match(/\[(ALERT|WARNING)].*/g)], [0, null], text);
});

test.serial("keepalived accepts its configuration", async t => {
  const keepalived = spec("vip-0").companions![0]!;
  const check =
    "sed s/@DEVICE@/eth0/ /holdfast/keepalived.conf >/run/k.conf && keepalived --config-test --use-file /run/k.conf";
  const {code, text} = await processes.start("check", keepalived, prefix, ["--rm", "--init"], ["sh", "-c", check]);
  t.is(code, 0, text);
});

test.serial("one member holds the address, and another takes it when HAProxy dies or hangs", async t => {
  for (const name of members) await startMember(name);
  const healthy = (states: MemberState[]) => states.every(s => s.healthy);
  let states = await until("one holder", all => healthy(all) && holders(all).length === 1);
  t.like(states[0]!.detail, {"up:sql": 0, "up:amqp": 0, "up:web": 0});
  const health = await docker("exec", `${prefix}-vip-0`, ...healthCommand);
  t.deepEqual([health.code, health.stdout.trim()], [0, "healthy"]);

  for (const signal of ["KILL", "STOP"]) {
    const [holder] = holders(states);
    await docker("exec", `${prefix}-${holder}`, "sh", "-c", `kill -${signal} $(pidof haproxy)`);
    await until("moved", all => holders(all).length === 1 && holders(all)[0] !== holder);
    if (signal === "STOP") await docker("exec", `${prefix}-${holder}`, "sh", "-c", "kill -CONT $(pidof haproxy)");
    states = await until("healthy again", healthy);
    t.not(holders(states)[0], holder, "the address went back by itself");
  }
});

test.serial("a Keepalived that is frozen is told, until it goes on", async t => {
  const states = await until("one holder", all => all.every(s => s.healthy) && holders(all).length === 1);
  const backup = members.findIndex(name => name !== holders(states)[0]);
  const signal = (name: string) =>
    docker("exec", `${prefix}-${members[backup]}-keepalived`, "sh", "-c", `kill -${name} $(pidof keepalived)`);
  t.is((await signal("STOP")).code, 0);
  const frozen = (await until("told", all => !all[backup]!.healthy))[backup]!;
  t.is(frozen.state, "backup, keepalived silent");
  t.is((await signal("CONT")).code, 0);
  await until("healthy again", all => all.every(s => s.healthy) && holders(all).length === 1);
});

test.serial("moved on purpose, the address stays where it was moved to; only its holder can give it up", async t => {
  const states = await until("one holder", all => all.every(s => s.healthy) && holders(all).length === 1);
  const [holder] = holders(states) as [string];
  const other = members.find(name => name !== holder)!;
  const moving = docker("exec", `${prefix}-${holder}-keepalived`, "holdfast-move", "leave", "15");
  await docker("exec", `${prefix}-${other}-keepalived`, "holdfast-move", "adopt", spec(holder).addresses.front!, "20");
  await until("moved", all => holders(all).length === 1 && holders(all)[0] === other);
  const {code, stdout, stderr} = await moving;
  t.deepEqual([code, stdout.trim()], [0, "0"], stderr);
  t.is((await docker("exec", `${prefix}-${other}-keepalived`, "holdfast-move", "settle")).code, 0);
  await sleep(1000);
  t.deepEqual(holders(await Promise.all(members.map(ask))), [other], "it stays where it was moved to");
  t.not(
    (await docker("exec", `${prefix}-${holder}-keepalived`, "holdfast-move", "leave", "5")).code,
    0,
    "only the holder can",
  );
});
