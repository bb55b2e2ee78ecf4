import test from "ava";
import Docker from "dockerode";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {type Client, connect, fails} from "../base/harness.ts";
import {type Properties, secret, unknown} from "../base/values.ts";
import {run} from "./exec.ts";
import {urnLabel} from "./ownership.ts";
import {dockerProvider} from "./provider.ts";

// Against the engine of this machine. Everything is named pl-*, in 198.18.0.0/22.
const image = recipeOf("base").tag;
const type = "docker:index/container:Container";
const network = "docker:index/network:Network";
const volume = "docker:index/volume:Volume";
const docker = new Docker();
const sleeper = (name: string, more: Properties = {}): Properties => ({
  name,
  image,
  command: ["sleep", "600"],
  init: true,
  destroyGraceSeconds: 1,
  ...more,
});

let client: Client;
const containers = [
  "run",
  "dead",
  "gone",
  "import",
  "sick",
  "ends",
  "left",
  "full",
  "file",
  "wait",
  "mem",
  "one",
  "foreign",
];
const clean = () =>
  clear({
    containers: containers.map(name => `pl-${name}`),
    networks: ["pl-net", "pl-net2", "pl-net3"],
    volumes: ["pl-data", "pl-taken"],
  });

test.before(async () => {
  await clean();
  client = await connect(dockerProvider);
});
test.after.always(async () => {
  client?.close();
  await clean();
});

test.serial("preview makes nothing and leaves outputs unknown", async t => {
  const made = await client.create(type, "run", sleeper("pl-run"), {preview: true});
  t.is(made.id, "");
  t.is(made.outputs.networkDatas, unknown);
  await t.throwsAsync(docker.getContainer("pl-run").inspect());
});

test.serial("every input of a member comes back without a change", async t => {
  const net = await client.create(network, "net", {
    name: "pl-net",
    internal: true,
    ipamConfigs: [{subnet: "198.18.0.0/25"}],
  });
  await client.create(network, "net2", {name: "pl-net2", internal: true, ipamConfigs: [{subnet: "198.18.0.128/25"}]});
  await client.create(volume, "data", {name: "pl-data", labels: [{label: "a", value: "b"}]});
  const inputs = sleeper("pl-full", {
    networksAdvanced: [
      {name: net.id, ipv4Address: "198.18.0.10", aliases: ["full"]},
      {name: "pl-net2", ipv4Address: "198.18.0.140"},
    ],
    hostname: "full0",
    hosts: [{host: "peer", ip: "198.18.0.11"}],
    sysctls: {"net.ipv4.ip_nonlocal_bind": "1"},
    user: "1000:0",
    groupAdds: ["0"],
    capabilities: {adds: ["NET_RAW"], drops: ["ALL"]},
    securityOpts: ["no-new-privileges"],
    readOnly: true,
    tmpfs: {"/run/x": "size=1m,uid=1000"},
    mounts: [
      {type: "volume", source: "pl-data", target: "/data"},
      {type: "tmpfs", target: "/tmp", tmpfsOptions: {sizeBytes: 1048576, mode: 511}},
    ],
    uploads: [
      {file: "/data/pw", content: secret("s3cret"), permissions: "0440"},
      {file: "/data/deep/run", contentBase64: Buffer.from("#!/bin/sh\n").toString("base64"), executable: true},
    ],
    healthcheck: {
      tests: ["CMD", "test", "-s", "/data/pw"],
      interval: "300ms",
      timeout: "1m0s",
      retries: 3,
      startPeriod: "1s",
    },
    wait: true,
    waitTimeout: 20,
    restart: "on-failure",
    maxRetryCount: 3,
    memory: 48,
    memorySwap: 64,
    cpuShares: 512,
    cpus: "0.5",
    stopSignal: "SIGTERM",
    stopTimeout: 3,
    ulimits: [{name: "nofile", soft: 1024, hard: 2048}],
    shmSize: 32,
    envs: ["A=1", "B=2"],
    labels: [{label: "io.holdfast.stack", value: "pl"}],
    logOpts: {"max-size": "1m"},
    workingDir: "/",
    mustRun: false,
  });
  const checked = await client.check(type, "full", inputs);
  t.deepEqual(checked.problems, []);
  const made = await client.create(type, "full", checked.inputs);
  t.like(made.outputs, {name: "pl-full", memory: 48});
  t.deepEqual((made.outputs.uploads as Properties[])[0]!.content, secret("s3cret"), "secret stays secret");
  t.is((made.outputs.networkDatas as Properties[]).length, 2);
  const read = await client.read(type, "full", made.id, checked.inputs, made.outputs);
  t.deepEqual(read.inputs, checked.inputs);
  t.deepEqual(read.outputs, made.outputs);
  t.false((await client.diff(type, "full", read.inputs, checked.inputs)).changed);
  const stat = await run(made.id, ["stat", "-c", "%a %u:%g", "/data/pw"], {
    limitMs: 5000,
    signal: new AbortController().signal,
  });
  t.is(stat.stdout, "440 0:0\n");
  await docker.getContainer(made.id).restart({t: 0});
  const again = await client.read(type, "full", made.id, checked.inputs, made.outputs);
  t.deepEqual(again.outputs, made.outputs, "a restart is no drift");
  const imported = await client.read(type, "full", made.id);
  const {
    uploads: _u,
    wait: _w,
    waitTimeout: _t,
    mustRun: _m,
    destroyGraceSeconds: _d,
    __defaults: _x,
    ...visible
  } = checked.inputs;
  const difference = await client.diff(type, "full", imported.inputs, {
    ...visible,
    networksAdvanced: (visible.networksAdvanced as Properties[]).map((n, i) => ({
      ...n,
      name: ["pl-net", "pl-net2"][i],
    })),
  });
  t.deepEqual(difference.keys, [], "an import shows everything that the engine knows");
  await client.delete(type, "full", made.id, checked.inputs);
  await client.delete(volume, "data", "pl-data", {name: "pl-data"});
  await client.delete(type, "full", made.id, checked.inputs);
  await t.throwsAsync(docker.getContainer("pl-full").inspect());
});

test.serial("a killed container stays and shows as stopped; the update starts it again", async t => {
  const inputs = sleeper("pl-dead", {restart: "always"});
  const made = await client.create(type, "dead", inputs);
  await docker.getContainer(made.id).kill();
  const read = await client.read(type, "dead", made.id, inputs, made.outputs);
  t.is(read.id, made.id);
  t.like(read.inputs, {start: false});
  t.like(read.outputs, {exitCode: 137});
  const diff = await client.diff(type, "dead", read.inputs, inputs);
  t.deepEqual([diff.keys, diff.replaces], [["start"], []]);
  const outputs = await client.update(type, "dead", made.id, {inputs: read.inputs, outputs: read.outputs}, inputs);
  t.is(outputs.exitCode, undefined);
  t.true((await docker.getContainer(made.id).inspect()).State.Running);
  await docker.getContainer(made.id).pause();
  t.like((await client.read(type, "dead", made.id, inputs, outputs)).inputs, {start: false});
  await client.update(type, "dead", made.id, {inputs: {...inputs, start: false}, outputs}, inputs);
  t.false((await docker.getContainer(made.id).inspect()).State.Paused);
  await client.delete(type, "dead", made.id, inputs);
});

test.serial("limits and restart are changed in place, and by hand they show as drift", async t => {
  const inputs = sleeper("pl-mem", {memory: 32, restart: "no"});
  const made = await client.create(type, "mem", inputs);
  const news = {...inputs, memory: 128, restart: "unless-stopped", cpuShares: 256};
  const diff = await client.diff(type, "mem", inputs, news);
  t.deepEqual([diff.keys.sort(), diff.replaces], [["cpuShares", "memory", "restart"], []]);
  await client.update(type, "mem", made.id, {inputs, outputs: made.outputs}, news);
  const info = await docker.getContainer(made.id).inspect();
  t.is(info.HostConfig.Memory, 128 * 1024 * 1024);
  t.is(info.HostConfig.RestartPolicy?.Name, "unless-stopped");
  await docker.getContainer(made.id).update({Memory: 64 * 1024 * 1024, RestartPolicy: {Name: "always"}});
  const read = await client.read(type, "mem", made.id, news, made.outputs);
  t.like(read.inputs, {memory: 64, restart: "always"});
  const freed = await client.diff(type, "mem", news, {...news, memory: undefined});
  t.deepEqual(freed.replaces, ["memory"], "the engine cannot take a limit away");
  await client.delete(type, "mem", made.id, news);
});

test.serial("a container that somebody removed is gone; networks that it lost or gained show", async t => {
  const inputs = sleeper("pl-gone", {networksAdvanced: [{name: "pl-net", ipv4Address: "198.18.0.20"}]});
  const made = await client.create(type, "gone", inputs);
  await docker.getNetwork("pl-net").disconnect({Container: made.id});
  await docker.getNetwork("pl-net2").connect({Container: made.id});
  const read = await client.read(type, "gone", made.id, inputs, made.outputs);
  t.deepEqual(
    (read.inputs.networksAdvanced as Properties[]).map(n => n.name),
    ["pl-net2"],
  );
  await docker.getContainer(made.id).remove({force: true});
  t.is((await client.read(type, "gone", made.id, inputs, made.outputs)).id, "");
});

test.serial("one that never gets healthy is recorded as partial, and the next update waits again", async t => {
  const inputs = sleeper("pl-sick", {
    healthcheck: {
      tests: ["CMD-SHELL", "test -e /tmp/well || { echo no file; exit 3; }"],
      interval: "200ms",
      retries: 2,
    },
    wait: true,
    waitTimeout: 2,
    command: ["sh", "-c", "echo line of log; exec sleep 600"],
  });
  const error = await fails(client.create(type, "sick", inputs));
  t.regex(error.message, /pl-sick was not healthy within 2 s.*no file[\s\S]*line of log/);
  const {id, outputs} = error.partial!;
  t.truthy(id);
  const read = await client.read(type, "sick", id, inputs, outputs);
  t.true((await client.diff(type, "sick", read.inputs, inputs, read.outputs)).changed);
  await t.throwsAsync(client.update(type, "sick", id, {inputs: read.inputs, outputs: read.outputs}, inputs), {
    message: /not healthy/,
  });
  await run(id, ["touch", "/tmp/well"], {limitMs: 5000, signal: new AbortController().signal});
  const well = await client.update(type, "sick", id, {inputs, outputs: read.outputs}, inputs);
  t.false((await client.diff(type, "sick", inputs, inputs, well)).changed);
  await client.delete(type, "sick", id, inputs);
});

test.serial("one that ends fails at once, with code and log", async t => {
  const inputs = sleeper("pl-ends", {
    command: ["sh", "-c", "echo the reason >&2; exit 7"],
    healthcheck: {tests: ["CMD", "true"], interval: "5s"},
    wait: true,
    waitTimeout: 30,
  });
  const from = Date.now();
  const error = await fails(client.create(type, "ends", inputs));
  t.true(Date.now() - from < 8000);
  t.regex(error.message, /ended before it was healthy: exited with code 7[\s\S]*the reason/);
  await client.delete(type, "ends", error.partial!.id, inputs);
  const missing = await fails(client.create(type, "ends", {...inputs, command: ["/nowhere"], init: false}));
  t.falsy(missing.partial, "a container that cannot be started is removed");
  await t.throwsAsync(docker.getContainer("pl-ends").inspect());
  t.regex(
    (await fails(client.create(type, "ends", {...inputs, image: "pl/none:1"}))).message,
    /pl\/none:1 is not on this machine/,
  );
});

test.serial("one that ends again and again fails long before its limit", async t => {
  const inputs = sleeper("pl-loops", {
    command: ["sh", "-c", "echo the reason >&2; exit 7"],
    restart: "unless-stopped",
    healthcheck: {tests: ["CMD", "false"], interval: "5s"},
    wait: true,
    waitTimeout: 120,
  });
  const error = await fails(client.create(type, "loops", inputs));
  t.regex(error.message, /pl-loops ends again and again before it is healthy: .*restarted \d+ times[\s\S]*the reason/);
  await client.delete(type, "loops", error.partial!.id, inputs);
});

test.serial("cancel ends a wait promptly", async t => {
  const own = await connect(dockerProvider);
  const inputs = sleeper("pl-wait", {
    healthcheck: {tests: ["CMD", "false"], interval: "1s"},
    wait: true,
    waitTimeout: 60,
  });
  const waiting = fails(own.create(type, "wait", inputs));
  await new Promise(done => setTimeout(done, 2500));
  const from = Date.now();
  await own.cancel();
  const error = await waiting;
  t.true(Date.now() - from < 1500);
  t.regex(error.message, /stopped waiting for pl-wait.*cancelled/);
  t.truthy(error.partial);
  own.close();
  await docker.getContainer("pl-wait").remove({force: true});
  const late = await fails(client.create(type, "wait", inputs, {timeout: 1}));
  t.regex(late.message, /stopped waiting/);
});

test.serial("a leftover of the same resource is taken over; any other is left alone", async t => {
  const Labels = {[urnLabel]: client.urn(type, "left")};
  const old = await docker.createContainer({name: "pl-left", Image: image, Cmd: ["sleep", "600"], Labels});
  const made = await client.create(type, "left", sleeper("pl-left"));
  t.not(made.id, old.id);
  await client.delete(type, "left", made.id, sleeper("pl-left"));
  await docker.createContainer({name: "pl-foreign", Image: image, Cmd: ["sleep", "600"]});
  const error = await fails(client.create(type, "foreign", sleeper("pl-foreign")));
  t.regex(error.message, /container named pl-foreign exists already .*not made by this program.*docker rm -f/);
  const subnet = {ipamConfigs: [{subnet: "198.18.1.0/24"}]};
  const first = await client.create(network, "net3", {name: "pl-net3", internal: true, ...subnet});
  const second = await client.create(network, "net3", {name: "pl-net3", internal: true, ...subnet});
  t.is(first.id, second.id, "the network of an interrupted update is taken over");
  t.regex(
    (await fails(client.create(network, "other", {name: "pl-net3"}))).message,
    /network named pl-net3 exists already/,
  );
  const overlap = await fails(client.create(network, "x", {name: "pl-x", ipamConfigs: [{subnet: "198.18.1.128/25"}]}));
  t.regex(
    overlap.message,
    /pl-x wants 198\.18\.1\.128\/25, which overlaps with 198\.18\.1\.0\/24 of the network pl-net3/,
  );
  await docker.createVolume({Name: "pl-taken"});
  t.regex(
    (await fails(client.create(volume, "v", {name: "pl-taken"}))).message,
    /volume named pl-taken exists already/,
  );
});

test.serial("a one-shot with attach gives its code and log and does not count as dead", async t => {
  const inputs = sleeper("pl-one", {command: ["sh", "-c", "echo done"], attach: true, logs: true, mustRun: false});
  const made = await client.create(type, "one", inputs);
  t.like(made.outputs, {exitCode: 0, containerLogs: "done\n"});
  const read = await client.read(type, "one", made.id, inputs, made.outputs);
  t.deepEqual(read.inputs, inputs);
  t.deepEqual(read.outputs, made.outputs);
  await client.delete(type, "one", made.id, inputs);
});
