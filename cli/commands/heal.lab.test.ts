import {mkdirSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import test from "ava";
import Docker from "dockerode";
import {stateFiles} from "../../engine/files.ts";
import {exitCodes} from "../../lib/exit.ts";
import {labels} from "../../lib/names.ts";
import type {Topology} from "../../lib/topology.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import {temporaryFolder} from "../../test/folder.ts";
import {holdfast} from "../../test/lab.ts";

// Two memcached on a real engine, and a state of their own that knows them: what `heal` and `preview` see of a stack,
// without its 30 containers.
const docker = new Docker();
const name = `h${process.pid}`;
const label = `lab/${name}`;
const net = `${name}-m1-net`;
const members = ["m0", "m1"];
const clean = () => clear({containers: [`${name}-m0`, `${name}-m1`, net]});
const backend = `file://${temporaryFolder()}`;
const env = {PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: "test"};

/** Starts one. `joined`: the container whose network it has. */
async function start(container: string, role: string, image: string, Cmd: string[], joined?: string): Promise<string> {
  const made = await docker.createContainer({
    name: container,
    Image: recipeOf(image).tag,
    Cmd,
    Env: ["HOLDFAST_ADDRESS=127.0.0.1"],
    Labels: {[labels.stack]: label, [labels.role]: role},
    HostConfig: {Init: true, NetworkMode: joined ? `container:${joined}` : "bridge"},
  });
  await made.start();
  return made.id;
}

test.before(async () => {
  await clean();
  const serve = ["memcached", "--listen=127.0.0.1"];
  const ids = [
    await start(`${name}-m0`, "main", "memcached", serve),
    await start(net, "net", "base", ["sleep", "600"]),
  ];
  ids.push(await start(`${name}-m1`, "main", "memcached", serve, net));
  const [pool] = fakeTopology.components;
  const topology: Topology = {
    ...fakeTopology,
    stack: label,
    components: [
      {
        ...pool!,
        members: members.map((member, i) => ({
          ...pool!.members[i]!,
          name: member,
          handle: {
            platform: "docker",
            faults: [],
            containers: {main: `${name}-${member}`, companions: {}, ...(i === 1 ? {net} : {})},
          },
        })),
      },
    ],
  };
  const {checkpoint} = stateFiles(backend, {project: "lab", name})!;
  const resources = [
    {urn: "urn:s", type: "pulumi:pulumi:Stack", outputs: {topology}},
    ...ids.map(id => ({urn: `urn:${id}`, type: "docker:index/container:Container", id})),
  ];
  mkdirSync(dirname(checkpoint), {recursive: true});
  writeFileSync(checkpoint, JSON.stringify({version: 3, checkpoint: {latest: {resources}}}));
});
test.after.always(clean);

const heal = (...more: string[]) => holdfast(["heal", `lab:${name}`, ...more], {env});

test.serial("nothing to heal: at once, and every member is healthy", async t => {
  const said = await heal("--json");
  t.is(said.code, 0, said.err);
  t.like(JSON.parse(said.out), {stack: label, started: [], gone: 0, healthy: true, unhealthy: [], next: []});
});

test.serial("what is down is started, and is healthy when heal ends", async t => {
  await docker.getContainer(`${name}-m0`).kill();
  const said = await heal();
  t.is(said.code, 0, said.err);
  t.regex(said.out, new RegExp(`: started ${name}-m0\\.`));
  t.true((await docker.getContainer(`${name}-m0`).inspect()).State.Running);
});

test.serial("who runs on in a network that is gone is started anew", async t => {
  await docker.getContainer(net).restart({t: 0});
  const before = (await docker.getContainer(`${name}-m1`).inspect()).State.StartedAt;
  const said = await heal();
  t.is(said.code, 0, said.err);
  t.regex(said.out, new RegExp(`: started ${name}-m1\\.`));
  t.not((await docker.getContainer(`${name}-m1`).inspect()).State.StartedAt, before);
});

test.serial("who hangs is named with its state, and with what to type, once the limit is over", async t => {
  await signal("STOP");
  const said = await heal("--health-limit", "6s", "--json");
  t.is(said.code, exitCodes.fail);
  const document = JSON.parse(said.out);
  t.false(document.healthy);
  t.deepEqual(
    document.unhealthy.map((one: {member: string}) => one.member),
    ["m0"],
  );
  t.true(document.next.includes(`To see why: docker logs --tail 50 ${name}-m0`));
  t.regex(said.err, /1 of 2 members is not healthy:\n {2}m0: no answer/);
  // A line when it began, and none for each look.
  t.is(said.err.match(/! .* m0: /g)?.length, 1, said.err);
  await signal("CONT");
  t.is((await heal()).code, 0);
});

test.serial("what is gone is not waited for: up makes it again", async t => {
  await docker.getContainer(`${name}-m0`).remove({force: true});
  const began = Date.now();
  const said = await heal("--health-limit", "5m");
  t.is(said.code, exitCodes.fail);
  t.true(Date.now() - began < 60_000);
  t.regex(
    said.err,
    /1 containers, networks or volumes .* were removed by hand[\s\S]*m0: gone[\s\S]*\.\/holdfast up lab:/,
  );
});

/** Sends a signal to the daemon of m0. */
async function signal(kind: string): Promise<void> {
  const script = `for p in /proc/[0-9]*; do grep -qx memcached $p/comm && kill -${kind} \${p#/proc/}; done`;
  const command = await docker.getContainer(`${name}-m0`).exec({Cmd: ["sh", "-c", script]});
  (await command.start({})).resume();
  while ((await command.inspect()).Running) await new Promise(done => setTimeout(done, 50));
}
