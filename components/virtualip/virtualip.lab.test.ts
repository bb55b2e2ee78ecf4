import {execFile} from "node:child_process";
import {chmod, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {promisify} from "node:util";
import test from "ava";
import type {MemberState} from "../../lib/state/state.ts";
import {healthCommand, state} from "../../lib/state/virtualip.ts";
import type {NetworkPurpose} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import type {ProcessSpec} from "../../platforms/platform.ts";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";

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
const made: string[] = [];
const folders: string[] = [];

const run = promisify(execFile);
const docker = (...args: string[]) =>
  run("docker", args, {encoding: "utf8", timeout: 60_000}).then(
    ({stdout, stderr}) => ({code: 0, stdout, stderr}),
    error => ({code: Number(error.code) || 1, stdout: String(error.stdout), stderr: String(error.stderr)}),
  );

/** What the docker platform gives a process: read-only root, no capabilities but those named, no new privileges, group 0. */
async function options(process: ProcessSpec): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}-`));
  folders.push(folder);
  await chmod(folder, 0o755);
  for (const file of process.files ?? [])
    await writeFile(join(folder, file.name), await resolved(file.content), {mode: 0o440});
  const scratch = (process.scratch ?? []).flatMap(s => [
    "--tmpfs",
    `${s.path}:size=${s.megabytes}m,mode=${s.mode}${s.uid ? `,uid=${s.uid}` : ""}`,
  ]);
  return [
    ...["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--init"],
    ...(process.capabilities ?? []).flatMap(c => ["--cap-add", c]),
    ...["--user", `${process.user}:0`, "--cpu-shares", String(process.cpuShares), "-v", `${folder}:/holdfast:ro`],
    ...scratch,
  ];
}

/** Starts a container; the image and the command follow the options. */
async function start(name: string, ...args: string[]): Promise<void> {
  made.push(name);
  const {code, stderr} = await docker("run", "-d", "--name", name, "--restart", "unless-stopped", ...args);
  if (code !== 0) throw new Error(stderr);
}

async function startMember(name: string): Promise<void> {
  const member = spec(name);
  const net = `${prefix}-${name}-net`;
  const sysctls = Object.entries(member.sysctls!).flatMap(([key, value]) => ["--sysctl", `${key}=${value}`]);
  const image = (service: string) => recipeOf(service).tag;
  await start(
    net,
    "--network",
    prefix,
    "--ip",
    member.addresses.front!,
    ...sysctls,
    "--cap-add",
    "NET_ADMIN",
    "--init",
    image("keepalived"),
    "sleep",
    "infinity",
  );
  // All purposes are on the one interface here.
  await docker("exec", net, "ip", "address", "add", `${member.addresses.mgmt}/24`, "dev", "eth0");
  const shared = ["--network", `container:${net}`];
  await start(`${prefix}-${name}`, ...shared, ...(await options(member)), image(member.image), ...member.command);
  const keepalived = member.companions![0]!;
  await start(
    `${prefix}-${name}-keepalived`,
    ...shared,
    ...(await options(keepalived)),
    image("keepalived"),
    ...keepalived.command,
  );
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
  if (made.length > 0) await docker("rm", "-f", ...made);
  await docker("network", "rm", prefix);
  for (const folder of folders) await rm(folder, {recursive: true, force: true});
});

test.serial("haproxy accepts its configuration", async t => {
  const {command: _, ...member} = spec("vip-0");
  const args = ["--rm", "--network", "none", "--sysctl", "net.ipv4.ip_nonlocal_bind=1"];
  const {code, stdout, stderr} = await docker(
    "run",
    ...args,
    ...(await options({...member, command: []})),
    recipeOf("haproxy").tag,
    "haproxy",
    "-c",
    "-f",
    "/holdfast/haproxy.cfg",
  );
  t.deepEqual([code, stderr.match(/\[(ALERT|WARNING)].*/g)], [0, null], stdout + stderr);
});

test.serial("keepalived accepts its configuration", async t => {
  const keepalived = spec("vip-0").companions![0]!;
  const check =
    "sed s/@DEVICE@/eth0/ /holdfast/keepalived.conf >/run/k.conf && keepalived --config-test --use-file /run/k.conf";
  const {code, stdout, stderr} = await docker(
    "run",
    "--rm",
    "--network",
    prefix,
    ...(await options(keepalived)),
    recipeOf("keepalived").tag,
    "sh",
    "-c",
    check,
  );
  t.is(code, 0, stdout + stderr);
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
