import {execFile} from "node:child_process";
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {promisify} from "node:util";
import test from "ava";
import Docker from "dockerode";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {temporaryFolder} from "../../test/folder.ts";

// The real Pulumi engine with both plugins: everything is named pl-*, in 198.18.3.0/24.
const image = recipeOf("base").tag;
const repo = resolve(import.meta.dirname, "../..");
const folder = temporaryFolder();
const docker = new Docker();

const program = `
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
const image = new docker.RemoteImage("image", {name: "pl-image:1", build: {context: "context", buildArgs: {BASE_IMAGE: ${JSON.stringify(image)}}}});
const net = new docker.Network("net", {name: "pl-pnet", internal: true, ipamConfigs: [{subnet: "198.18.3.0/24"}]});
const volume = new docker.Volume("data", {name: "pl-pdata"});
class Secret extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string) {
    super("holdfast:index:Secret", name, {length: 24, value: undefined}, {version: "0.1.0"});
  }
}
const password = new Secret("password");
const member = (i: number, dependsOn: pulumi.Resource[]) => new docker.Container("m" + i, {
  name: "pl-p" + i, image: image.imageId, command: ["sleep", "600"], init: true, mustRun: false, destroyGraceSeconds: 1,
  networksAdvanced: [{name: net.name, ipv4Address: "198.18.3.1" + i}],
  envs: ["VERSION=" + (process.env.MEMBER_VERSION ?? "1")],
  memory: Number(process.env.MEMBER_MEMORY ?? 32), restart: "unless-stopped",
  healthcheck: {tests: ["CMD", "test", "-s", "/run/holdfast/pw"], interval: "300ms"}, wait: true, waitTimeout: 30,
  mounts: [{type: "volume", source: volume.name, target: "/run/holdfast"}],
  uploads: [{file: "/run/holdfast/pw", content: password.value, permissions: "0440"}],
}, {dependsOn, deleteBeforeReplace: true});
const m0 = member(0, []);
const gate = new pulumi.CustomResource("holdfast:docker:Gate", "gate-m1", {
  subject: "pl-p1", fingerprint: "v" + (process.env.MEMBER_VERSION ?? "1"),
  ask: [{member: "pl-p0", container: "pl-p0", command: ["test", "-s", process.env.GATE_FILE ?? "/run/holdfast/pw"]}],
}, {version: "0.1.0", dependsOn: [m0]});
const m1 = member(1, [gate]);
export const address = m1.networkDatas.apply(datas => datas[0].ipAddress);
export const imageId = image.imageId;
`;

interface Run {
  code: number;
  text: string;
}

/** One command of the CLI with the plugins of this checkout. */
async function pulumi(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const path = [join(repo, "plugins/docker"), join(repo, "plugins/holdfast"), process.env.PATH].join(":");
  const settings = {
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
    NODE_OPTIONS: "",
  };
  try {
    const done = await promisify(execFile)("pulumi", [...args, "--non-interactive"], {
      cwd: folder,
      env: {...process.env, PATH: path, ...settings, ...env},
      maxBuffer: 1 << 26,
    });
    return {code: 0, text: done.stdout + done.stderr};
  } catch (error) {
    const {code, stdout, stderr} = error as {code: number; stdout: string; stderr: string};
    return {code, text: stdout + stderr};
  }
}
const up = (env: Record<string, string> = {}, ...more: string[]) =>
  pulumi(["up", "--yes", "--skip-preview", ...more], env);
const quiet = () => pulumi(["preview", "--refresh", "--diff", "--expect-no-changes"]);
const inspect = (name: string) => docker.getContainer(name).inspect();

const clean = () =>
  clear({
    containers: ["pl-p0", "pl-p1", "pl-p2"],
    networks: ["pl-pnet"],
    volumes: ["pl-pdata"],
    images: ["pl-image:1"],
  });

test.before(async () => {
  await clean();
  mkdirSync(join(folder, "state"));
  mkdirSync(join(folder, "context"));
  symlinkSync(join(repo, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  writeFileSync(
    join(folder, "context/Dockerfile"),
    "ARG BASE_IMAGE\nFROM $BASE_IMAGE\nCOPY hello /hello\nRUN cat /hello\n",
  );
  writeFileSync(join(folder, "context/hello"), "hello\n");
  writeFileSync(join(folder, "index.ts"), program);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: pl-test\nmain: index.ts\nruntime: {name: nodejs, options: {typescript: false}}\n",
  );
  await pulumi(["stack", "init", "t"]);
});
test.after.always(clean);

test.serial("up, nothing to do afterwards, not even after a refresh", async t => {
  const preview = await pulumi(["preview"]);
  t.is(preview.code, 0, preview.text);
  await t.throwsAsync(inspect("pl-p0"), undefined, "a preview makes nothing");
  const first = await up();
  t.is(first.code, 0, first.text);
  t.regex(first.text, /198\.18\.3\.11/);
  const again = await quiet();
  t.is(again.code, 0, again.text);
  const state = readFileSync(join(folder, "state/.pulumi/stacks/pl-test/t.json"), "utf8");
  const written = await docker.getContainer("pl-p0").exec({Cmd: ["cat", "/run/holdfast/pw"], AttachStdout: true});
  const stream = await written.start({hijack: true, stdin: false});
  let password = "";
  for await (const chunk of stream) password += (chunk as Buffer).subarray(8).toString();
  t.is(password.length, 24);
  t.false(state.includes(password), "the password is never in the clear in the state");
});

test.serial("limits change in place", async t => {
  const before = await inspect("pl-p0");
  const done = await up({MEMBER_MEMORY: "64"});
  t.is(done.code, 0, done.text);
  const after = await inspect("pl-p0");
  t.is(after.Id, before.Id);
  t.is(after.HostConfig.Memory, 64 * 1024 * 1024);
  t.is((await up()).code, 0);
});

test.serial("killed: the refresh shows it and the next up starts it again", async t => {
  const before = await inspect("pl-p0");
  await docker.getContainer("pl-p0").kill();
  const shown = await quiet();
  t.not(shown.code, 0);
  t.regex(shown.text, /start/);
  const done = await up({}, "--refresh");
  t.is(done.code, 0, done.text);
  t.is((await inspect("pl-p0")).Id, before.Id);
  t.true((await inspect("pl-p0")).State.Running);
  t.is((await quiet()).code, 0);
});

test.serial("removed by hand: made again", async t => {
  await docker.getContainer("pl-p1").remove({force: true});
  const done = await up({}, "--refresh");
  t.is(done.code, 0, done.text);
  t.true((await inspect("pl-p1")).State.Running);
  t.is((await quiet()).code, 0);
});

test.serial("a change rolls through the members, and the gate stops it where another is unhealthy", async t => {
  const [before0, before1] = [await inspect("pl-p0"), await inspect("pl-p1")];
  const refused = await up({MEMBER_VERSION: "2", GATE_FILE: "/nowhere"});
  t.not(refused.code, 0);
  t.regex(refused.text, /pl-p1 is not changed, because 1 of the 1 members/);
  t.not((await inspect("pl-p0")).Id, before0.Id);
  t.is((await inspect("pl-p1")).Id, before1.Id, "not touched");
  const done = await up({MEMBER_VERSION: "2"});
  t.is(done.code, 0, done.text);
  t.not((await inspect("pl-p1")).Id, before1.Id);
});

test.serial("an existing container is imported by its id", async t => {
  const existing = await docker.createContainer({name: "pl-p2", Image: image, Cmd: ["sleep", "600"], Labels: {a: "b"}});
  const done = await pulumi([
    "import",
    "docker:index/container:Container",
    "found",
    existing.id,
    "--yes",
    "--protect=false",
    "--generate-code=false",
  ]);
  t.is(done.code, 0, done.text);
  const state = await pulumi(["stack", "export"]);
  t.regex(state.text, /"name": "pl-p2"/);
  // The program does not have it, so the next update removes it.
  t.is((await up({MEMBER_VERSION: "2"})).code, 0);
  await t.throwsAsync(inspect("pl-p2"));
});

test.serial("destroy leaves nothing", async t => {
  const done = await pulumi(["destroy", "--yes", "--skip-preview"]);
  t.is(done.code, 0, done.text);
  await t.throwsAsync(inspect("pl-p0"));
  await t.throwsAsync(docker.getNetwork("pl-pnet").inspect());
  await t.throwsAsync(docker.getVolume("pl-pdata").inspect());
  await t.throwsAsync(docker.getImage("pl-image:1").inspect());
});
