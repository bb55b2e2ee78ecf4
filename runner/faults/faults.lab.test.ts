import {appendFileSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import Docker from "dockerode";
import {clockFolder, clockSettings} from "../../lib/clock.ts";
import {until} from "../../lib/limit.ts";
import {Random} from "../../lib/random.ts";
import type {Topology, TopologyMember} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {healHit, healLeftovers} from "../heal.ts";
import {Journal} from "../journal.ts";
import type {Params} from "../scenario/scenario.ts";
import {DockerTarget} from "../targets/docker.ts";
import type {Victim} from "./fault.ts";
import {faultOf} from "./registry.ts";

const docker = new Docker();
const image = recipeOf("base").tag;
const network = "rf-front";
const names = ["rf-0", "rf-1", "rf-2"];
const target = new DockerTarget({front: network}, docker, {image: recipeOf("toolbox").tag, run: "rfrun"});
const members = names.map(
  (name, i): TopologyMember => ({
    name,
    zone: "abc"[i]!,
    addresses: {front: `198.18.13.1${i}`},
    health: ["true"],
    handle: {platform: "docker", faults: [], containers: {main: name, companions: {}}},
  }),
);
const special = (name: string, more: Partial<TopologyMember["handle"]>): TopologyMember => ({
  name,
  zone: "a",
  addresses: {},
  health: ["true"],
  handle: {platform: "docker", faults: [], containers: {main: name, companions: {}, disk: `${name}-keeper`}, ...more},
});
/** One with a disk of its own, one with a clock of its own. */
const full = special("rf-disk", {disk: {megabytes: 16}});
const timely = special("rf-clock", {clock: true});
/** One with a data volume. */
const keeping = special("rf-keeping", {});
const [one, two] = members as [TopologyMember, TopologyMember, TopologyMember];
const topology: Topology = {
  version: 1,
  stack: "rf/rf",
  platform: "docker",
  zones: ["a", "b", "c"],
  networks: [{purpose: "front", name: network, subnet: "198.18.13.0/24"}],
  components: [{name: "rf", kind: "memcached", settings: {}, members, endpoints: []}],
};

/** Answers everybody who connects with a line. */
const server = `require("node:net").createServer(s => { s.on("error", () => {}); s.end("hello\\n"); }).listen(9000)`;

async function clean(): Promise<void> {
  const left = await docker.listContainers({all: true, filters: {name: ["rf-"]}});
  await clear({
    containers: left.map(c => c.Id),
    networks: [network],
    volumes: ["rf-disk", "rf-data", "rf-data-kept", "rf-data-foreign"],
  });
}

test.before(async () => {
  await clean();
  await docker.createNetwork({Name: network, Internal: true, IPAM: {Config: [{Subnet: "198.18.13.0/24"}]}});
  for (const {name, addresses} of members) {
    const container = await docker.createContainer({
      name,
      Image: image,
      Cmd: ["node", "-e", server],
      User: "65534:0",
      StopTimeout: 1,
      Labels: {"io.holdfast.stack": topology.stack},
      HostConfig: {
        NetworkMode: network,
        Init: true,
        CapDrop: ["ALL"],
        Memory: 128 * 1024 * 1024,
        MemorySwap: 128 * 1024 * 1024,
        RestartPolicy: {Name: "unless-stopped"},
      },
      NetworkingConfig: {EndpointsConfig: {[network]: {IPAMConfig: {IPv4Address: addresses.front}}}},
    });
    await container.start();
  }
  await makeDisk();
  await makeClock();
  await makeKeeping();
  await sleep(500);
});
test.after.always(clean);

/** As the docker platform makes it: memory as a volume, a container that keeps it, and the member. */
async function makeDisk(): Promise<void> {
  await docker.createVolume({
    Name: "rf-disk",
    DriverOpts: {type: "tmpfs", device: "tmpfs", o: "size=16m,uid=999,gid=0,mode=0750"},
  });
  const run = async (name: string, user: string, path: string, command: string[]) => {
    const HostConfig = {
      NetworkMode: "none",
      Init: true,
      CapDrop: ["ALL"],
      Binds: [`rf-disk:${path}`],
      ReadonlyRootfs: true,
    };
    await (await docker.createContainer({name, Image: image, Cmd: command, User: user, HostConfig})).start();
  };
  await run("rf-disk-keeper", "65534:0", "/disk", ["sleep", "infinity"]);
  await run("rf-disk", "999:0", "/data", ["sh", "-c", "echo kept >/data/kept; exec sleep infinity"]);
}

/** One that counts its starts in its volume; a cluster is a file there. */
async function makeKeeping(): Promise<void> {
  await docker.createVolume({Name: "rf-data", Labels: {"io.holdfast.stack": topology.stack}});
  const container = await docker.createContainer({
    name: "rf-keeping",
    Image: image,
    // The name is its cluster's: where there is none it makes one, as the first member of a new cluster does.
    Cmd: ["sh", "-c", "cat /data/cluster >>/data/starts 2>/dev/null; sync /data; exec sleep infinity"],
    User: "0:0",
    StopTimeout: 1,
    Labels: {"io.holdfast.stack": topology.stack},
    HostConfig: {NetworkMode: "none", Init: true, CapDrop: ["ALL"], ReadonlyRootfs: true, Binds: ["rf-data:/data"]},
  });
  await container.start();
}

/** A program that notices when its wall clock and its monotonic clock go apart. */
async function makeClock(): Promise<void> {
  const script = `const fs = require("node:fs"); const diff = () => Date.now() - performance.now(); const first = diff(); setInterval(() => { if (Math.abs(diff() - first) > 10000) fs.writeFileSync("/tmp/seen", "jumped\\n"); }, 50)`;
  const container = await docker.createContainer({
    name: "rf-clock",
    Image: recipeOf("galera").tag,
    Cmd: ["node", "-e", script],
    User: "65534:0",
    Env: Object.entries(clockSettings).map(([key, value]) => `${key}=${value}`),
    HostConfig: {
      NetworkMode: "none",
      Init: true,
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Tmpfs: {[clockFolder]: "uid=65534", "/tmp": ""},
    },
  });
  await container.start();
}

/** Whether a real client inside one member gets an answer of another. */
async function reaches(from: TopologyMember, to: TopologyMember, ms = 700): Promise<boolean> {
  const script = `const s = require("node:net").connect(9000, process.argv[1]); s.on("data", () => process.exit(0)); s.on("error", () => process.exit(1)); setTimeout(() => process.exit(2), ${ms})`;
  return (await target.exec(from, ["node", "-e", script, to.addresses.front!], 10_000)).code === 0;
}

/** The same within 10 s: the kernel asks for an address that did not answer a second apart, and gives up after
 *  three. */
async function reachesAgain(from: TopologyMember, to: TopologyMember): Promise<boolean> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) if (await reaches(from, to, 2000)) return true;
  return false;
}

/** Waits until a process of the member takes connections to the port: one that runs may be on its way there. */
async function listens(member: TopologyMember, port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase();
  const look = ["grep", "-q", `:${hex} [0-9A-F:]* 0A `, "/proc/net/tcp", "/proc/net/tcp6"];
  await until(member.name, {limitMs: 10_000, everyMs: 100}, async () =>
    (await target.exec(member, look, 5000)).code === 0 ? {done: true} : {seen: `nobody listens on port ${port}`},
  );
}

let turn = 0;
/** Injects a fault as a run does; gives the victims and what was seen. */
async function inject(
  kind: string,
  hit: readonly TopologyMember[],
  params: Params,
  where = {component: "rf", every: true as const},
) {
  const fault = faultOf(kind);
  mustBeAble(await fault.able?.(target, hit, params));
  const placed = hit.map(member => ({component: topology.components[0]!, member}));
  const planning = {target, topology, random: new Random(1), id: `t${turn++}`, where, params};
  const hits = await (fault.plan?.(placed, planning) ?? hit.map(member => ({member, params})));
  await fault.prepare?.(target, hit, params, topology);
  const victims: Victim[] = await Promise.all(hits.map(async h => ({...h, before: await target.look(h.member)})));
  await Promise.all(victims.map(victim => fault.inject(target, victim)));
  const seen = await Promise.all(
    victims.map(victim =>
      until(victim.member.name, {limitMs: 10_000, everyMs: 50}, () => fault.evidence(target, victim)),
    ),
  );
  return {fault, victims, seen, heal: () => Promise.all(victims.map(victim => healHit(target, fault, victim)))};
}

function mustBeAble(why: string | undefined): void {
  if (why) throw new Error(why);
}

test.serial("partition from everyone cuts both ways, an open connection too, and heals", async t => {
  const {seen, heal} = await inject("partition", [one], {direction: "both"});
  t.regex(seen[0]!, /rf-0: \d+ packets from and to everyone else dropped/);
  t.false(await reaches(two, one));
  t.false(await reaches(one, two));
  t.true(await reaches(members[2]!, two));
  await heal();
  t.true(await reachesAgain(two, one));
  t.true(await reachesAgain(one, two));
});

test.serial("partition from peers leaves others alone; by shape both halves lose each other", async t => {
  const {seen, heal} = await inject("partition", members, {direction: "both", shape: "bridge"});
  t.is(seen.length, 2);
  const pairs = await Promise.all(
    members.flatMap((a, i) => members.slice(i + 1).map(async b => (await reaches(a, b)) && (await reaches(b, a)))),
  );
  t.is(pairs.filter(Boolean).length, 2);
  await heal();
  t.true(await reachesAgain(one, two));
});

test.serial("one direction alone: packets still come out", async t => {
  const received = async (member: TopologyMember) => {
    const {stdout} = await target.inNetwork(member, "cat /sys/class/net/eth0/statistics/rx_packets", 5000);
    return Number(stdout);
  };
  const {heal} = await inject("partition", [one], {direction: "in", from: "peers"});
  const before = await received(two);
  t.false(await reaches(one, two));
  t.true((await received(two)) > before);
  await heal();
});

test.serial("a process that hangs does not answer, and goes on when healed", async t => {
  const {seen, heal} = await inject("process", [one], {name: "node", signal: "STOP"});
  t.regex(seen[0]!, /rf-0: node \(\d+\) is stopped/);
  t.false(await reaches(two, one));
  await heal();
  t.true(await reachesAgain(two, one));
});

test.serial("a process that is killed ends with its container, which comes back", async t => {
  const {seen, victims, fault} = await inject("process", [one], {name: "node", signal: "KILL"});
  t.regex(seen[0]!, /rf-0: node ended/);
  await until("rf-0", {limitMs: 10_000, everyMs: 100}, () => fault.healed!(target, victims[0]!));
  await listens(one, 9000);
  t.true(await reaches(two, one, 3000));
});

test.serial("restart", async t => {
  const {seen} = await inject("restart", [one], {});
  t.deepEqual(seen, ["rf-0: main started anew"]);
  await listens(one, 9000);
  t.true(await reaches(two, one, 3000));
});

/** Milliseconds that a quarter of a mebibyte takes from one member to another, from its first byte to its last. */
async function sending(from: TopologyMember, to: TopologyMember): Promise<number> {
  const receive = `require("node:net").createServer(s => { let n = 0; const from = Date.now(); s.on("data", d => { n += d.length; if (n >= 262144) { console.log(Date.now() - from); process.exit(0); } }); }).listen(9001); setTimeout(() => process.exit(1), 20000)`;
  const send = `const s = require("node:net").connect(9001, process.argv[1]); s.on("close", () => process.exit(0)); s.on("error", () => {}); s.write(Buffer.alloc(262144))`;
  const receiving = target.exec(to, ["node", "-e", receive], 30_000);
  await listens(to, 9001);
  await target.exec(from, ["node", "-e", send, to.addresses.front!], 30_000);
  const {code, stdout} = await receiving;
  if (code !== 0) throw new Error(`${to.name} got less than was sent`);
  return Number(stdout);
}

test.serial("slow link: what is sent takes its time, and is fast again when healed", async t => {
  const {seen, heal} = await inject("slow-link", [one], {rate: "1mbit"});
  t.regex(seen[0]!, /rf-0: \d+ packets sent at 1mbit/);
  // 256 KiB at 1 Mbit/s are 2.1 s.
  const took = await sending(one, two);
  t.true(took > 1500 && took < 8000, `${took} ms`);
  await heal();
  const again = await sending(one, two);
  t.true(again < 1000, `${again} ms`);
});

test.serial("latency: delayed where the kernel can, else refused with the reason", async t => {
  const why = await faultOf("latency").able!(target, [one], {delay: 100});
  if (why) return t.regex(why, /^The kernel here cannot delay packets \(tc netem; .*: .*\.$/);
  const {seen, heal} = await inject("latency", [one], {delay: 100});
  t.regex(seen[0]!, /later/);
  await heal();
});

test.serial("dns: names that resolved do not, and do again when healed", async t => {
  const resolves = () => target.exec(two, ["timeout", "3", "getent", "hosts", "rf-1"], 10_000);
  t.is((await resolves()).code, 0);
  const {seen, heal} = await inject("dns", [two], {});
  t.regex(seen[0]!, /a name that resolved before does not any more/);
  t.not((await resolves()).code, 0);
  t.true(await reaches(two, one));
  await heal();
  t.is((await resolves()).code, 0);
});

test.serial("memory: the kernel ends the process at its limit, which is restored", async t => {
  const {seen, heal} = await inject("memory", [one], {});
  t.regex(seen[0]!, /rf-0: limit \d+ MiB instead of 128; the kernel ended its main process for want of memory/);
  await heal();
  t.is((await target.memory(one)).limitBytes, 128 * 1024 * 1024);
  await listens(one, 9000);
  t.true(await reaches(two, one, 3000));
});

test.serial("slow disk: what is written through takes its time, or the reason why not", async t => {
  const why = await faultOf("slow-disk").able!(target, [one], {rate: "1MiB/s"});
  if (why) return t.regex(why, /needs root|not on this machine|not on a disk/);
  const write = async () => {
    const from = Date.now();
    await target.exec(one, ["dd", "if=/dev/zero", "of=/tmp/slow", "bs=256k", "count=12", "oflag=direct"], 30_000);
    return Date.now() - from;
  };
  const before = await write();
  const {seen, heal} = await inject("slow-disk", [one], {rate: "1MiB/s"});
  t.regex(seen[0]!, /rf-0: the kernel limits its writes to 1MiB\/s/);
  const during = await write();
  // 3 MiB at 1 MiB/s.
  t.true(during > 2000, `${before} ms before, ${during} ms during`);
  await heal();
  t.is(await target.diskLimit(one), undefined);
});

test.serial("neighbours: they get processor time, and are gone once healed", async t => {
  const neighbours = async () =>
    (await docker.listContainers({all: true, filters: {label: ["io.holdfast.neighbour"]}})).filter(c =>
      c.Names[0]!.includes(one.name),
    );
  const {seen, heal} = await inject("neighbours", [one], {cores: 2});
  const [, ms] = /^beside rf-0: 2 neighbours, each with (\d+) ms of the processor so far$/.exec(seen[0]!) ?? [];
  t.true(Number(ms) >= 200, seen[0]);
  t.is((await neighbours()).length, 2);
  await heal();
  t.is((await neighbours()).length, 0);
});

test.serial("disk full: nothing more fits until it is healed, and the machine's own disk is left alone", async t => {
  const {seen, heal} = await inject("disk-full", [full], {});
  t.regex(seen[0]!, /rf-disk: a write of 1 MiB fails, \d+ KiB are free/);
  t.not((await target.exec(full, ["dd", "if=/dev/zero", "of=/data/more", "bs=1M", "count=2"], 10_000)).code, 0);
  t.is((await target.exec(full, ["cat", "/data/kept"], 10_000)).stdout, "kept\n");
  await heal();
  t.is((await target.exec(full, ["dd", "if=/dev/zero", "of=/data/more", "bs=1M", "count=2"], 10_000)).code, 0);
  const [problem] = faultOf("disk-full").fits!(topology, {}, {component: "rf", every: true});
  t.regex(problem!.message, /cannot be done to rf-0: its disk is the machine's/);
});

test.serial("clock: it jumps back and forth, and the monotonic one goes on", async t => {
  const {seen, heal} = await inject("clock", [timely], {by: -7_200_000});
  t.regex(seen[0]!, /rf-clock: its clock is off by -7[12]\d{5} ms/);
  // A program that has run all the while looks into the file once a second.
  await sleep(2500);
  const {stdout} = await target.exec(timely, ["cat", "/tmp/seen"], 5000);
  t.regex(stdout, /jumped/);
  await heal();
  t.true(Math.abs(Number((await target.exec(timely, ["date", "+%s"], 5000)).stdout) - Date.now() / 1000) < 3);
});

test.serial("what a dead run cut off is healed from its journal, and its helpers go", async t => {
  const folder = temporaryFolder();
  const journal = new Journal(folder, {run: "rfrun", scenario: "x/y", stack: topology.stack, platform: "docker"});
  const {victims} = await inject("partition", [one, two], {direction: "both"});
  for (const {member, params} of victims) journal.inject("partition", member, params);
  // The other was killed and started since: its rules went with its network.
  await target.kill(two);
  await target.start(two);
  const file = join(folder, "rfrun.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replace(/"pid":\d+/, '"pid":4194305'));
  appendFileSync(file, '{"do":"inj');
  const fresh = new DockerTarget({}, docker, {image: recipeOf("toolbox").tag});
  const {healed, clients} = await healLeftovers(folder, () => fresh, topology.stack);
  t.deepEqual(
    healed.map(h => `${h.fault} ${h.member} ${h.trouble ?? "healed"}`),
    ["partition rf-0 healed", "partition rf-1 healed"],
  );
  t.true(clients.includes("rf-0-toolbox"));
  t.deepEqual(readdirSync(folder), []);
  t.true(await reaches(two, one, 3000));
});

const inVolume = async (path: string) => (await target.exec(keeping, ["cat", `/data/${path}`], 10_000)).stdout;
const write = (text: string) => target.exec(keeping, ["sh", "-c", `echo ${text} >/data/rows`], 10_000);
/** Makes the data of another cluster. */
const bootstrap = ["sh", "-c", "echo other >/data/cluster"];

test.serial("volume, old: it starts with what was there when the run began, and with its owner and rights", async t => {
  await write("before");
  await target.exec(keeping, ["sh", "-c", "chmod 0640 /data/rows"], 10_000);
  await target.volumes.prepare(keeping, "old", undefined);
  await write("after-and-longer");
  const {seen, heal} = await inject("volume", [keeping], {content: "old", by: "kill"});
  t.regex(
    seen[0]!,
    /^rf-keeping: down, with its volume as it was before the load; what was there \(\d+ files\) is kept aside$/,
  );
  await heal();
  t.is(await inVolume("rows"), "before\n");
  t.is((await target.exec(keeping, ["stat", "-c", "%a %u", "/data/rows"], 10_000)).stdout, "640 0\n");
});

test.serial("volume, empty: nothing is left when it starts", async t => {
  await write("something");
  const {seen, heal} = await inject("volume", [keeping], {content: "empty", by: "stop"});
  t.regex(seen[0]!, /^rf-keeping: down, with an empty volume/);
  await heal();
  t.is(await inVolume("rows"), "");
});

test.serial(
  "volume, foreign: it runs with another cluster's, made alone, and has its own again when it is healed",
  async t => {
    await write("ours");
    await target.volumes.prepare(keeping, "foreign", {bootstrap, proof: undefined});
    const {seen, victims, fault, heal} = await inject("volume", [keeping], {content: "foreign", by: "kill", starts: 0});
    t.regex(seen[0]!, /^rf-keeping: (down|started) with the volume of another cluster/);
    await until("rf-keeping", {limitMs: 10_000, everyMs: 100}, async () => {
      const found = await fault.evidence(target, victims[0]!);
      return "done" in found && found.done.includes("started") ? found : {seen: "not started"};
    });
    t.is(await inVolume("cluster"), "other\n");
    t.is(await inVolume("rows"), "");
    // It had been started once before, alone.
    t.is(await inVolume("starts"), "other\nother\n");
    await heal();
    t.is(await inVolume("rows"), "ours\n");
    t.is(await inVolume("cluster"), "");
    const left = await docker.listContainers({all: true, filters: {name: ["rf-data-foreign"]}});
    t.is(left.length, 0);
  },
);

test.serial("volume: a run that was killed in the middle of it is undone from its journal", async t => {
  await write("ours");
  const folder = temporaryFolder();
  const about = {run: "rfdead", scenario: "x/y", stack: topology.stack, platform: "docker"} as const;
  const params = {content: "foreign", by: "kill"};
  new Journal(folder, about).inject("volume", keeping, params);
  await target.kill(keeping);
  await target.volumes.replace(keeping, "foreign");
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, "utf8").replace(/"pid":\d+/, '"pid":4194305'));
  }
  const other = new DockerTarget({front: network}, docker, {image: recipeOf("toolbox").tag});
  const {healed} = await healLeftovers(folder, () => other, topology.stack);
  t.deepEqual(
    healed.map(h => h.trouble),
    [undefined],
  );
  t.is(await inVolume("rows"), "ours\n");
});
