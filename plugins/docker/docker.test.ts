import {execFileSync} from "node:child_process";
import {readFileSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {connect} from "../base/harness.ts";
import {schema} from "../base/schema.ts";
import {checkTable} from "../base/table.ts";
import {type Properties, secret, unknown} from "../base/values.ts";
import {buildHash} from "./build.ts";
import {atLeast} from "./client.ts";
import {containerInputs} from "./container-table.ts";
import {demultiplex} from "./logs.ts";
import {dockerProvider} from "./provider.ts";
import {createOptions, updateOptions} from "./spec.ts";
import {tarball} from "./tarball.ts";
import {checkUploads, mountOf} from "./uploads.ts";

const type = "docker:index/container:Container";
const base = {name: "c", image: "i"};

test("an input that is not served is refused by name, at any depth", async t => {
  const client = await connect(dockerProvider);
  const {problems} = await client.check(type, "x", {
    ...base,
    gpus: "all",
    mounts: [{type: "volume", target: "/d", volumeOptions: {subpath: "a"}}],
  });
  t.deepEqual(
    problems,
    [
      'docker:index/container:Container "x": input `mounts[0].volumeOptions.subpath` is not served by the bundled plugin; leave it out, or install the official plugin: pulumi plugin install resource docker 5.2.0',
      'docker:index/container:Container "x": input `gpus` is not served by the bundled plugin; leave it out, or install the official plugin: pulumi plugin install resource docker 5.2.0',
    ].toSorted(),
  );
  await t.throwsAsync(client.check("docker:index/service:Service", "s", {}), {
    message: /docker:index\/service:Service "s": this type is not served by the bundled plugin/,
  });
  client.close();
});

test("names: fixed ones delete before they replace, made-up ones do not", async t => {
  const client = await connect(dockerProvider);
  const fixed = (await client.check(type, "x", base)).inputs;
  t.like(await client.diff(type, "x", fixed, {...fixed, image: "j"}), {replaces: ["image"], deleteBeforeReplace: true});
  t.like(await client.diff(type, "x", fixed, {...fixed, name: "d"}), {replaces: ["name"], deleteBeforeReplace: false});
  const made = (await client.check(type, "x", {image: "i"})).inputs;
  t.regex(String(made.name), /^x-[0-9a-f]{7}$/);
  t.like(await client.diff(type, "x", made, {...made, image: "j"}), {replaces: ["image"], deleteBeforeReplace: false});
  t.is((await client.check(type, "x", {image: "i"}, made)).inputs.name, made.name);
  client.close();
});

test("secrets and unknowns pass through a check and a preview", async t => {
  const client = await connect(dockerProvider);
  const inputs = {...base, envs: [secret("P=1")], networkMode: unknown};
  const checked = await client.check(type, "x", inputs);
  t.deepEqual(checked.problems, []);
  t.like(checked.inputs, inputs);
  const preview = await client.create(type, "x", checked.inputs, {preview: true});
  t.like(preview.outputs, {envs: [secret("P=1")], networkMode: unknown, networkDatas: unknown});
  client.close();
});

for (const [news, keys, replaces] of [
  [{restart: "always"}, ["restart"], []],
  [{restart: "no"}, [], []],
  [{memory: 64}, ["memory"], []],
  [{wait: true, waitTimeout: 90}, ["wait", "waitTimeout"], []],
  [{healthcheck: {tests: ["NONE"]}}, ["healthcheck"], ["healthcheck"]],
  [{command: ["a"]}, ["command"], ["command"]],
  [{labels: [{label: "a", value: "b"}]}, ["labels"], ["labels"]],
  [{networkMode: unknown}, ["networkMode"], ["networkMode"]],
  [{start: true, mustRun: true, removeVolumes: true, rm: false, waitTimeout: 60}, [], []],
  [{destroyGraceSeconds: 5}, ["destroyGraceSeconds"], []],
] as [Properties, string[], string[]][]) {
  test(`diff of a container: ${JSON.stringify(news)}`, async t => {
    const client = await connect(dockerProvider);
    t.like(await client.diff(type, "x", base, {...base, ...news}), {
      keys: keys.toSorted((a, b) => order(a) - order(b)),
      replaces,
    });
    client.close();
  });
}
const order = (key: string) => Object.keys(containerInputs).indexOf(key);

test("the official plugin's replacement rules, but for what the engine cannot change", t => {
  // From the published schema of @pulumi/docker 5.x: inputs whose change replaces.
  const official =
    "capabilities command cpus dns dnsOpts dnsSearches domainname entrypoints envs groupAdds hostname hosts image ipcMode labels logDriver logOpts mounts name networkMode networksAdvanced pidMode ports privileged publishAllPorts readOnly runtime securityOpts shmSize stdinOpen stopSignal stopTimeout sysctls tty ulimits uploads user volumes workingDir".split(
      " ",
    );
  const ours = Object.keys(containerInputs).filter(key => containerInputs[key]!.replace);
  t.deepEqual(ours.toSorted(), [...official, "healthcheck", "tmpfs", "init"].toSorted());
});

test("create options", t => {
  const inputs: Properties = {
    ...base,
    envs: ["A=1"],
    memory: 64,
    cpus: "0.5",
    shmSize: 32,
    readOnly: true,
    restart: "on-failure",
    maxRetryCount: 2,
    networksAdvanced: [{name: "n", ipv4Address: "10.0.0.2", aliases: ["x"]}, {name: "m"}],
    hosts: [{host: "h", ip: "10.0.0.3"}],
    volumes: [
      {volumeName: "v", containerPath: "/v", readOnly: true},
      {hostPath: "/h", containerPath: "/h"},
      {containerPath: "/a"},
      {fromContainer: "o"},
    ],
    mounts: [{type: "tmpfs", target: "/t", tmpfsOptions: {sizeBytes: 5}}],
    healthcheck: {tests: ["CMD", "x"], interval: "1m30s", retries: 2},
    ports: [{internal: 80, external: 8080}],
    labels: [{label: "a", value: "b"}],
  };
  t.deepEqual(
    checkTable(containerInputs, inputs, path => path),
    [],
  );
  const options = createOptions("urn", inputs);
  t.like(options, {name: "c", Image: "i", Env: ["A=1"], ExposedPorts: {"80/tcp": {}}});
  t.like(options.Labels, {a: "b", "io.holdfast.urn": "urn"});
  t.like(options.Healthcheck, {Test: ["CMD", "x"], Interval: 90e9, Retries: 2});
  t.like(options.HostConfig, {
    NetworkMode: "n",
    Memory: 64 * 1024 * 1024,
    NanoCpus: 5e8,
    ShmSize: 32 * 1024 * 1024,
    ReadonlyRootfs: true,
    RestartPolicy: {Name: "on-failure", MaximumRetryCount: 2},
    ExtraHosts: ["h:10.0.0.3"],
    Binds: ["v:/v:ro", "/h:/h"],
    VolumesFrom: ["o"],
    PortBindings: {"80/tcp": [{HostIp: "0.0.0.0", HostPort: "8080"}]},
  });
  t.deepEqual(
    options.HostConfig?.Mounts?.map(mount => mount.Target),
    ["/t", "/a"],
  );
  t.deepEqual(Object.keys(options.NetworkingConfig?.EndpointsConfig ?? {}), ["n"]);
});

test("update options", t => {
  const changed =
    (...keys: string[]) =>
    (key: string) =>
      keys.includes(key);
  t.deepEqual(updateOptions({memory: 10}, changed("memory")), {Memory: 10485760, MemorySwap: 20971520});
  t.deepEqual(updateOptions({restart: "always"}, changed("restart")), {
    RestartPolicy: {Name: "always", MaximumRetryCount: 0},
  });
  t.deepEqual(updateOptions({memory: 10}, changed()), {});
});

for (const [inputs, file, mount] of [
  [{mounts: [{type: "volume", target: "/data"}]}, "/data/a/b", "/data"],
  [{mounts: [{type: "volume", target: "/data"}], volumes: [{containerPath: "/data/a/"}]}, "/data/a/b", "/data/a"],
  [{mounts: [{type: "tmpfs", target: "/data"}]}, "/data/a", undefined],
  [{mounts: [{type: "volume", target: "/data"}]}, "/database/a", undefined],
] as [Properties, string, string | undefined][]) {
  test(`mount of ${file} in ${JSON.stringify(inputs)}`, t => t.is(mountOf(inputs, file), mount));
}

for (const [upload, more, problem] of [
  [{file: "/a", content: "x", permissions: "0440"}, {}, undefined],
  [{file: "/a"}, {}, /exactly one of content/],
  [{file: "a", content: ""}, {}, /must be an absolute path/],
  [{file: "/a", content: "", permissions: "rw"}, {}, /must be octal/],
  [{file: "/a", content: "", owner: "root"}, {}, /takes numbers only/],
  [{file: "/a", content: ""}, {readOnly: true}, /read-only root; put it into a volume/],
  [{file: "/v/a", content: ""}, {readOnly: true, mounts: [{type: "volume", target: "/v"}]}, undefined],
  [{file: "/t/a", content: ""}, {tmpfs: {"/t": ""}}, /into the tmpfs \/t/],
] as [Properties, Properties, RegExp | undefined][]) {
  test(`upload ${JSON.stringify(upload)} ${JSON.stringify(more)}`, t => {
    const problems = checkUploads({...more, uploads: [upload]});
    if (problem) t.regex(problems.join(), problem);
    else t.deepEqual(problems, []);
  });
}

test("tar archives are what tar reads", t => {
  const folder = temporaryFolder();
  const long = `${"d".repeat(60)}/${"e".repeat(60)}/f`;
  const files = [
    {path: "a", content: Buffer.from("hello"), mode: 0o440, uid: 0, gid: 0},
    {path: long, content: Buffer.alloc(1024, 1), mode: 0o755, uid: 0, gid: 0},
  ];
  writeFileSync(join(folder, "x.tar"), tarball(files));
  execFileSync("tar", ["-xpf", "x.tar"], {cwd: folder});
  t.is(readFileSync(join(folder, "a"), "utf8"), "hello");
  t.is(statSync(join(folder, "a")).mode & 0o777, 0o440);
  t.is(statSync(join(folder, long)).size, 1024);
  t.throws(() => tarball([{...files[0]!, path: "x".repeat(101)}]), {message: /too long/});
});

test("log frames", t => {
  const frame = (stream: number, text: string) =>
    Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
  t.deepEqual(demultiplex(Buffer.concat([frame(1, "a"), frame(2, "b"), frame(1, "c")])), {stdout: "ac", stderr: "b"});
});

test("engine versions", t => {
  t.true(atLeast("1.44", "1.44"));
  t.false(atLeast("1.9", "1.44"));
});

test("a build is known by its settings, wherever the checkout is", t => {
  t.is(buildHash({context: "/a", target: "x"}, {}), buildHash({context: "/b", target: "x"}, {}));
  t.not(buildHash({context: "/a", target: "x"}, {}), buildHash({context: "/a", target: "y"}, {}));
});

test("the schema names every type and input", t => {
  const made = JSON.parse(schema(dockerProvider));
  t.deepEqual(made.resources[type].requiredInputs, ["image"]);
  t.true(made.resources[type].inputProperties.image.willReplaceOnChanges);
  t.truthy(made.types["docker:index/ContainerHealthcheck:ContainerHealthcheck"]);
});
