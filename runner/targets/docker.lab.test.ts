import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import Docker from "dockerode";
import {type Look, until} from "../../lib/limit.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {DockerTarget} from "./docker.ts";
import type {ProcessLook} from "./target.ts";

const docker = new Docker();
const image = recipeOf("base").tag;
const network = "ru-target";
const target = new DockerTarget({front: network});
const pod: TopologyMember = {
  name: "ru-pod",
  zone: "a",
  addresses: {},
  health: ["true"],
  handle: {
    platform: "docker",
    faults: ["kill", "crash", "stop", "pause"],
    containers: {main: "ru-pod", net: "ru-pod-net", companions: {helper: "ru-pod-helper"}},
  },
};

async function make(name: string, mode: string): Promise<void> {
  const container = await docker.createContainer({
    name,
    Image: image,
    Cmd: ["sh", "-c", `echo ${name} is ready; exec sleep 3600`],
    StopTimeout: 1,
    HostConfig: {NetworkMode: mode, Init: true, RestartPolicy: {Name: "unless-stopped"}},
  });
  await container.start();
}

const clean = () => clear({containers: ["ru-pod-helper", "ru-pod", "ru-pod-net", "ru-client"], networks: [network]});

test.before(async () => {
  await clean();
  await docker.createNetwork({Name: network, Internal: true, IPAM: {Config: [{Subnet: "198.18.12.0/24"}]}});
  await make("ru-pod-net", network);
  await make("ru-pod", "container:ru-pod-net");
  await make("ru-pod-helper", "container:ru-pod-net");
  await said(1);
});
test.after.always(clean);

/** Waits until both processes have said so many lines. */
async function said(lines: number): Promise<void> {
  await until("ru-pod", {limitMs: 20_000, everyMs: 100}, async () => {
    const logs = await target.logs(pod, {since: 0, until: Date.now(), lines: 10});
    const counts = logs.map(log => `${log.process} ${log.lines.length}`);
    return logs.length === 2 && logs.every(log => log.lines.length >= lines) ? {done: true} : {seen: counts.join(", ")};
  });
}

const inWords = (looks: readonly ProcessLook[]) =>
  looks.map(l => `${l.process} ${l.paused ? "paused" : l.running ? "running" : "down"}`);
const states = async () => inWords(await target.look(pod));
const running = ["main running", "helper running", "net running"];

test.serial("logs of each process in a window of time, also of one that is down", async t => {
  await target.kill(pod);
  const now = Date.now();
  const texts = async (since: number, until: number, lines = 10) =>
    (await target.logs(pod, {since, until, lines})).map(l => [l.process, l.lines.map(line => line.text), l.more]);
  t.deepEqual(await texts(now - 60_000, now), [
    ["main", ["ru-pod is ready"], 0],
    ["helper", ["ru-pod-helper is ready"], 0],
  ]);
  t.deepEqual(await texts(now - 60_000, now - 50_000), [
    ["main", [], 0],
    ["helper", [], 0],
  ]);
  await target.start(pod);
  await said(2);
  t.deepEqual((await texts(now - 60_000, Date.now(), 1))[0], ["main", ["ru-pod is ready"], 1]);
  const [main] = await target.logs(pod, {since: now, until: Date.now(), lines: 10});
  t.true(main!.lines[0]!.at! >= now && main!.lines[0]!.at! <= Date.now());
});

// Docker 20.10 hung on such a container at the second pause at the latest; only root can end that.
const root = process.getuid?.() === 0;
(root ? test.serial : test.serial.skip)("frozen while commands are started in it, it is seen, and goes on", async t => {
  const over = new AbortController();
  const starts = Array.from({length: 4}, async () => {
    while (!over.signal.aborted) await target.exec(pod, ["true"], 20_000).catch(() => sleep(5));
  });
  try {
    for (let i = 0; i < 10; i++) {
      await sleep(50);
      await target.pause(pod);
      t.deepEqual(await states(), ["main paused", "helper paused", "net running"]);
      await target.unpause(pod);
      // Docker reads again what happened while it hung, and may say for a moment that it is still frozen.
      await until("all go on", {limitMs: 20_000, everyMs: 20}, async () => {
        const seen = await states();
        return seen.join() === running.join() ? {done: true} : {seen: seen.join(", ")};
      });
    }
  } finally {
    over.abort();
    await Promise.all(starts);
  }
});

test.serial("kill takes every process down until start, in an order that gives them one network", async t => {
  for (const frozen of [false, true]) {
    if (frozen) await target.pause(pod);
    await target.kill(pod);
    await sleep(500);
    t.deepEqual(await states(), ["main down", "helper down", "net down"]);
    await target.start(pod);
    t.deepEqual(await states(), running);
  }
  const addresses = await Promise.all(["ru-pod", "ru-pod-net"].map(async name => inside(name)));
  t.is(addresses[0], addresses[1]);
  t.regex(addresses[0]!, /198\.18\.12\./);
});

const inside = async (name: string) =>
  (
    await target.exec(
      {...pod, handle: {...pod.handle, containers: {main: name, companions: {}}}},
      ["cat", "/proc/net/fib_trie"],
      5000,
    )
  ).stdout;

(root ? test.serial : test.serial.skip)(
  "a burst ends all in the same instant, and docker starts nothing of it again",
  async t => {
    const spreads: number[] = [];
    for (let i = 0; i < 5; i++) {
      const burst = await target.aim([{member: pod}]);
      if ("why" in burst) return t.fail(burst.why);
      await burst.arm();
      const {from, to, reached} = burst.fire();
      await target.kill(pod);
      // Each has its init and what that runs.
      t.is(reached, 6);
      spreads.push(to - from);
      await sleep(1000);
      t.deepEqual(await states(), ["main down", "helper down", "net down"]);
      const ended = (await target.look(pod)).map(look => look.since);
      t.true(Math.max(...ended) - from < 1000, `${Math.max(...ended) - from} ms until docker saw the last one end`);
      await target.start(pod);
      t.deepEqual(await states(), running);
    }
    t.true(Math.max(...spreads) < 5, `${spreads.join(", ")} ms`);
  },
);

(root ? test.serial : test.serial.skip)(
  "a burst at one process leaves the others alone, by its number inside too",
  async t => {
    const numbers = async () => {
      const {stdout} = await target.exec(
        pod,
        ["sh", "-c", "cat /proc/[0-9]*/comm /dev/null; echo; cat /proc/[0-9]*/stat"],
        5000,
      );
      return Number(/^(\d+) \(sleep\)/m.exec(stdout)?.[1]);
    };
    // The number is another one after each start.
    for (const numbered of [false, true]) {
      const only = [{process: "main", ...(numbered ? {pids: [await numbers()]} : {})}];
      const before = await target.look(pod);
      const burst = await target.aim([{member: pod, only}]);
      if ("why" in burst) return t.fail(burst.why);
      t.is(burst.fire().reached, numbered ? 1 : 2);
      const after = await until("ru-pod", {limitMs: 20_000, everyMs: 100}, async (): Promise<Look<ProcessLook[]>> => {
        const looks = await target.look(pod);
        const anew = looks[0]!.incarnation !== before[0]!.incarnation && looks[0]!.running;
        return anew ? {done: looks} : {seen: inWords(looks).join(", ")};
      });
      t.deepEqual(
        after.slice(1).map(l => l.incarnation),
        before.slice(1).map(l => l.incarnation),
      );
    }
  },
);

test.serial("crash ends one process; docker starts it again", async t => {
  for (const process of ["main", "helper"]) {
    const before = await target.look(pod);
    await target.crash(pod, process);
    const anew = (looks: readonly ProcessLook[]) =>
      looks.filter((look, i) => look.incarnation !== before[i]!.incarnation).map(l => l.process);
    const after = await until("ru-pod", {limitMs: 20_000, everyMs: 100}, async (): Promise<Look<ProcessLook[]>> => {
      const looks = await target.look(pod);
      const seen = inWords(looks).join(", ");
      return anew(looks).includes(process) && seen === running.join(", ") ? {done: looks} : {seen};
    });
    t.deepEqual(inWords(after), running);
    t.deepEqual(anew(after), [process]);
  }
});

test.serial("pause and unpause", async t => {
  await target.pause(pod);
  t.deepEqual(await states(), ["main paused", "helper paused", "net running"]);
  await t.throwsAsync(target.exec(pod, ["true"], 2000));
  await target.unpause(pod);
  t.deepEqual(await states(), running);
});

test.serial("stop and start", async t => {
  await target.stop(pod);
  t.deepEqual(await states(), ["main down", "helper down", "net down"]);
  await target.start(pod);
  t.deepEqual(await states(), running);
});

test.serial("exec gives code and both streams, and has a limit", async t => {
  t.deepEqual(await target.exec(pod, ["sh", "-c", "echo out; echo err >&2; exit 3"], 5000), {
    code: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
  await t.throwsAsync(target.exec(pod, ["sleep", "20"], 300), {message: /took longer than 300 ms/});
});

test.serial("a client gets its files, talks over its streams and ends when its input does", async t => {
  const client = await target.client({
    name: "ru-client",
    image,
    command: ["sh", "-c", "cat /holdfast/password; id -u; exec cat"],
    run: "ru-run",
    stack: "ru",
    network: "front",
    memory: 32,
    files: {password: "secret\n"},
  });
  let text = "";
  client.stdout.on("data", chunk => (text += chunk));
  const told = new Promise(resolve => client.stdout.once("end", resolve));
  client.stdin.write("hello\n");
  client.stdin.end();
  t.is(await client.ended, 0);
  await told;
  t.is(text, "secret\n65534\nhello\n");
  await client.remove();
  await client.remove();
});

test.serial("clients of dead runs are removed", async t => {
  await target.client({
    name: "ru-client",
    image,
    command: ["cat"],
    run: "ru-run",
    stack: "ru",
    network: "front",
    memory: 32,
    files: {},
  });
  t.deepEqual(await target.removeClients(() => false), []);
  t.deepEqual(await target.removeClients((run, stack) => run === "ru-run" && stack === "ru"), ["ru-client"]);
});
