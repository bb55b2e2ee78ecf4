import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import Docker from "dockerode";
import {labels} from "../../lib/names.ts";
import {clear} from "../../test/clear.ts";
import {recipeOf} from "./images.ts";
import {engineSocket} from "./starter.ts";

// Docker says of a container the same when it is started by hand before its holder as when docker starts it itself in
// the wrong order, so this needs no restart of the engine. test/engine-restart.lab.test.ts has that.

const docker = new Docker();
const prefix = `st${process.pid}`;
const stack = `test/${prefix}`;
const limitMs = 60_000;
const names = ["net", "late", "killed", "foreign", "starter"].map(name => `${prefix}-${name}`);
const container = (name: string) => docker.getContainer(`${prefix}-${name}`);

async function make(name: string, mode: string, label = stack): Promise<Docker.Container> {
  return docker.createContainer({
    name: `${prefix}-${name}`,
    Image: recipeOf("base").tag,
    Cmd: ["sleep", "infinity"],
    Labels: {[labels.stack]: label},
    HostConfig: {NetworkMode: mode, RestartPolicy: {Name: "unless-stopped"}, Init: true},
  });
}

const runs = async (name: string) => (await container(name).inspect()).State.Running;

test.before(() => clear({containers: names}));
test.after.always(() => clear({containers: names}));

test.serial(
  "what docker left down is started once its holder runs; what was killed, and what is another stack's, is not",
  async t => {
    const net = await make("net", "none");
    const joining = `container:${net.id}`;
    const [late, killed, foreign] = [
      await make("late", joining),
      await make("killed", joining),
      await make("foreign", joining, "test/other"),
    ];
    for (const one of [late, foreign]) await t.throwsAsync(one.start(), {message: /cannot join network/});
    await net.start();
    await killed.start();
    await killed.kill();
    await net.stop({t: 0});

    // As the platform makes it: root without a capability, a root that is read-only, no network.
    const starter = await docker.createContainer({
      name: `${prefix}-starter`,
      Image: recipeOf("starter").tag,
      Cmd: ["node", "/usr/local/lib/holdfast/starter.mjs"],
      User: "0:0",
      Env: [`HOLDFAST_LABEL=${labels.stack}=${stack}`, "HOLDFAST_SOCKET=/run/engine.sock"],
      HostConfig: {
        NetworkMode: "none",
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges:true"],
        Init: true,
        Mounts: [{Type: "bind", Source: engineSocket(), Target: "/run/engine.sock", ReadOnly: true}],
      },
    });
    await starter.start();
    const said = async () => (await starter.logs({stdout: true, stderr: true})).toString("utf8");
    await until(t, async () => /late waits for .*-net/.test(await said()), said);
    t.false(await runs("late"));
    await net.start();
    await until(t, () => runs("late"), said);
    t.regex(await said(), new RegExp(`started ${prefix}-late: docker had tried before ${prefix}-net was up`));
    // Two more looks change nothing.
    await sleep(2500);
    t.false(await runs("killed"));
    t.false(await runs("foreign"));
    await starter.stop({t: 5});
    t.is((await starter.inspect()).State.ExitCode, 0);
  },
);

async function until(t: {fail(message: string): void}, is: () => Promise<boolean>, said: () => Promise<string>) {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await is()) return;
    await sleep(200);
  }
  t.fail(`not within ${limitMs / 1000} s; the starter said: ${await said()}`);
}
