import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {HostConfig} from "dockerode";
import {labels} from "../../lib/names.ts";
import {OwnEngine, whyNoOwnEngine} from "../../test/own-engine.ts";
import {recipeOf} from "./images.ts";

// What docker does with members' containers when it is started, on an engine of the test's own with containers that
// only sleep. A whole lab: test/engine-restart.lab.test.ts.

const why = whyNoOwnEngine();
const serial = why ? test.serial.skip : test.serial;
if (why) console.error(`platforms/docker/restart.lab.test.ts is left out: ${why}`);

const stack = "test/restart";
const limitMs = 60_000;
let engine: OwnEngine;

async function run(
  name: string,
  mode: string,
  command = ["sleep", "infinity"],
  host: HostConfig = {},
): Promise<string> {
  const container = await engine.client().createContainer({
    name,
    Image: recipeOf(name === "starter" ? "starter" : "base").tag,
    Cmd: command,
    User: "0:0",
    Env: [`HOLDFAST_LABEL=${labels.stack}=${stack}`, "HOLDFAST_SOCKET=/run/engine.sock"],
    Labels: {[labels.stack]: stack},
    StopTimeout: 2,
    HostConfig: {NetworkMode: mode, RestartPolicy: {Name: "unless-stopped"}, Init: true, ...host},
  });
  await container.start();
  return container.id;
}

async function down(): Promise<string[]> {
  const all = await engine.client().listContainers({all: true});
  return all.filter(one => one.State !== "running").map(one => one.Names[0]!.slice(1));
}

if (!why) {
  test.serial.before(async () => {
    engine = await OwnEngine.make(`holdfast-r${process.pid}`, ["base", "starter"]);
    await engine.client().createNetwork({Name: "back", Internal: true});
    const socket = {Type: "bind" as const, Source: engine.host.slice("unix://".length), Target: "/run/engine.sock"};
    await run("starter", "none", ["node", "/usr/local/lib/holdfast/starter.mjs"], {CapDrop: ["ALL"], Mounts: [socket]});
    for (let i = 0; i < 4; i++) {
      const net = await run(`net-${i}`, "back");
      for (const process of ["main", "companion"]) await run(`${process}-${i}`, `container:${net}`);
    }
    // Its place stays empty through every restart.
    await engine.client().getContainer("main-0").kill();
  });
  test.serial.after.always(() => engine?.remove());
}

const endings = {
  "shut down in good order": () => engine.stop(),
  "its power is cut": () => engine.losePower(),
  "shut down once more": () => engine.stop(),
};
for (const [what, end] of Object.entries(endings))
  serial(`${what} and started, all runs again but what was killed`, async t => {
    await end();
    await engine.start();
    const until = Date.now() + limitMs;
    let seen = await down();
    t.log(`down at first: ${seen.join(", ")}`);
    for (; seen.length > 1 && Date.now() < until; seen = await down()) await sleep(200);
    t.deepEqual(seen, ["main-0"]);
  });

serial("without the starter some stay down, which is why there is one", async t => {
  await engine.client().getContainer("starter").stop();
  let left: string[] = [];
  // Which of them lose their race is chance: four times of ten in each restart.
  for (let i = 0; i < 5 && left.length === 0; i++) {
    await engine.stop();
    await engine.start();
    await sleep(3000);
    left = (await down()).filter(name => name !== "starter" && name !== "main-0");
  }
  t.true(left.length > 0, "docker started all of them in the right order, five times");
  t.log(`stayed down: ${left.join(", ")}`);
});
