import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import Docker from "dockerode";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {DockerTarget} from "../targets/docker.ts";
import {watchMachine} from "./watch.ts";

const run = `still${process.pid}`;
const name = `holdfast-${run}_standstills`;
const container = new Docker().getContainer(name);
const said: string[] = [];
const about = {
  clientImage: recipeOf("client").tag,
  run,
  stack: `${run}/lab`,
  say: (line: string) => void said.push(line),
};
const watch = () => watchMachine({target: new DockerTarget({}), ...about});

test.after.always(() => clear({containers: [name]}));

test.serial("a watcher that is frozen and goes on tells when the machine stood still, as it felt it", async t => {
  const watcher = await watch();
  await sleep(1500);
  const from = Date.now();
  await container.pause();
  await sleep(700);
  await container.unpause();
  const to = Date.now();
  await sleep(300);
  const seen = await watcher.stop();
  const [longest] = seen!.filter(s => s.of === "processor").sort((a, b) => b.to - b.from - (a.to - a.from));
  t.true(longest!.to - longest!.from > 600, JSON.stringify(seen));
  t.true(longest!.from > from - 100 && longest!.to < to + 300, JSON.stringify({from, to, seen}));
  await t.throwsAsync(container.inspect(), {message: /no such container/i});
});

test.serial("it has no network, no capability, and nothing to write but its two files", async t => {
  const watcher = await watch();
  const {HostConfig, Config} = await container.inspect();
  t.is(HostConfig.NetworkMode, "none");
  t.true(HostConfig.ReadonlyRootfs);
  t.deepEqual(HostConfig.CapDrop, ["ALL"]);
  t.is(Config.User, "65534:0");
  t.true(Array.isArray(await watcher.stop()));
});

test.serial("one that ends early knows nothing", async t => {
  const watcher = await watch();
  await container.kill();
  await sleep(500);
  t.is(await watcher.stop(), undefined);
  t.regex(said.join(), /was not watched to the end, so nothing is laid to it/);
});
