import {appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import Docker from "dockerode";
import type {Topology, TopologyMember} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {healHit, healLeftovers} from "../heal.ts";
import {Journal} from "../journal.ts";
import {until} from "../limit.ts";
import {Random} from "../random.ts";
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
  await Promise.all(
    left.map(c =>
      docker
        .getContainer(c.Id)
        .remove({force: true, v: true})
        .catch(() => {}),
    ),
  );
  await docker
    .getNetwork(network)
    .remove()
    .catch(() => {});
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
  await sleep(500);
});
test.after.always(clean);

/** Whether a real client inside one member gets an answer of another. */
async function reaches(from: TopologyMember, to: TopologyMember, ms = 700): Promise<boolean> {
  const script = `const s = require("node:net").connect(9000, process.argv[1]); s.on("data", () => process.exit(0)); s.on("error", () => process.exit(1)); setTimeout(() => process.exit(2), ${ms})`;
  return (await target.exec(from, ["node", "-e", script, to.addresses.front!], 10_000)).code === 0;
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
  t_able(await fault.able?.(target, hit, params));
  const placed = hit.map(member => ({component: topology.components[0]!, member}));
  const hits =
    fault.plan?.(placed, {topology, random: new Random(1), id: `t${turn++}`, where, params}) ??
    hit.map(member => ({member, params}));
  await fault.prepare?.(target, hit, params);
  const victims: Victim[] = await Promise.all(hits.map(async h => ({...h, before: await target.look(h.member)})));
  await Promise.all(victims.map(victim => fault.inject(target, victim)));
  const seen = await Promise.all(
    victims.map(victim =>
      until(victim.member.name, {limitMs: 10_000, everyMs: 50}, () => fault.evidence(target, victim)),
    ),
  );
  return {fault, victims, seen, heal: () => Promise.all(victims.map(victim => healHit(target, fault, victim)))};
}

function t_able(why: string | undefined): void {
  if (why) throw new Error(why);
}

test.serial("partition from everyone cuts both ways, an open connection too, and heals", async t => {
  const {seen, heal} = await inject("partition", [one], {direction: "both"});
  t.regex(seen[0]!, /rf-0: \d+ packets from and to everyone else dropped/);
  t.false(await reaches(two, one));
  t.false(await reaches(one, two));
  t.true(await reaches(members[2]!, two));
  await heal();
  t.true(await reaches(two, one));
  t.true(await reaches(one, two));
});

test.serial("partition from peers leaves others alone; by shape both halves lose each other", async t => {
  const {seen, heal} = await inject("partition", members, {direction: "both", shape: "bridge"});
  t.is(seen.length, 2);
  const pairs = await Promise.all(
    members.flatMap((a, i) => members.slice(i + 1).map(async b => (await reaches(a, b)) && (await reaches(b, a)))),
  );
  t.is(pairs.filter(Boolean).length, 2);
  await heal();
  t.true(await reaches(one, two));
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
  t.true(await reaches(two, one));
});

test.serial("a process that is killed ends with its container, which comes back", async t => {
  const {seen, victims, fault} = await inject("process", [one], {name: "node", signal: "KILL"});
  t.regex(seen[0]!, /rf-0: node ended/);
  await until("rf-0", {limitMs: 10_000, everyMs: 100}, () => fault.healed!(target, victims[0]!));
  t.true(await reaches(two, one, 3000));
});

test.serial("restart", async t => {
  const {seen} = await inject("restart", [one], {});
  t.deepEqual(seen, ["rf-0: main started anew"]);
  await sleep(500);
  t.true(await reaches(two, one, 3000));
});

test.serial("what a dead run cut off is healed from its journal, and its helpers go", async t => {
  const folder = mkdtempSync(join(tmpdir(), "rf-journal-"));
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
