import test from "ava";
import Docker from "dockerode";
import {recipeOf} from "../../platforms/docker/images.ts";
import {clear} from "../../test/clear.ts";
import {type Client, connect, fails} from "../base/harness.ts";
import {type Properties, secret, unknown} from "../base/values.ts";
import {specHash, specLabel, urnLabel} from "../docker/ownership.ts";
import {holdfastProvider} from "./provider.ts";

// Against the engine of this machine; everything is named pl-*.
const image = recipeOf("base").tag;
const docker = new Docker();
const [password, jobType, gateType] = ["holdfast:index:Secret", "holdfast:docker:Job", "holdfast:docker:Gate"];
const job = (more: Properties = {}): Properties => ({
  name: "pl-job",
  image,
  command: ["sh", "-c", "echo made; echo err >&2"],
  ...more,
});

let client: Client;
const clean = () => clear({containers: ["pl-job", "pl-well", "pl-ill"], volumes: ["pl-jobdata", "pl-jobmore"]});
test.before(async () => {
  await clean();
  client = await connect(holdfastProvider);
});
test.after.always(async () => {
  client?.close();
  await clean();
});

const passwordOf = (outputs: Properties) => (outputs.value as {value: string}).value;

test.serial("a secret is generated once and marked", async t => {
  const made = await client.create(password, "pw", {length: 20});
  t.regex(passwordOf(made.outputs), /^[0-9A-Za-z]{20}$/);
  t.deepEqual(made.outputs.value, secret(passwordOf(made.outputs)));
  const read = await client.read(password, "pw", made.id, {length: 20}, made.outputs);
  t.deepEqual(read.outputs, made.outputs);
  t.deepEqual((await client.diff(password, "pw", {length: 20}, {length: 20, charset: "alphanumeric"})).keys, []);
  t.deepEqual((await client.diff(password, "pw", {}, {keepers: {a: "1"}})).replaces, ["keepers"]);
  t.is((await client.create(password, "pw", {}, {preview: true})).outputs.value, unknown);
  t.regex(
    (await client.check(password, "pw", {length: 4, charset: "emoji"})).problems.join(),
    /charset.*allowed: alphanumeric/,
  );
});

test.serial("a job runs to its end, leaves no container, and records its result", async t => {
  const made = await client.create(jobType, "job", job({envs: [secret("P=1")]}));
  t.like(made.outputs, {exitCode: 0, output: secret("made\n")});
  await t.throwsAsync(docker.getContainer("pl-job").inspect());
  const changed = await client.diff(jobType, "job", job(), job({image: "other", command: ["x"]}), made.outputs);
  t.deepEqual([changed.keys, changed.replaces], [["image", "command"], []]);
  const updated = await client.update(
    jobType,
    "job",
    made.id,
    {inputs: job(), outputs: made.outputs},
    job({image: "other"}),
  );
  t.is(updated.finishedAt, made.outputs.finishedAt, "a new image runs nothing again");
  t.deepEqual((await client.diff(jobType, "job", job(), job({triggers: {a: "1"}}), made.outputs)).replaces, [
    "triggers",
  ]);
  await client.delete(jobType, "job", made.id, job());
});

test.serial("a job that fails says why and leaves no container", async t => {
  const error = await fails(client.create(jobType, "job", job({command: ["sh", "-c", "echo reason >&2; exit 4"]})));
  t.regex(error.message, /the job pl-job failed: exited with code 4[\s\S]*reason/);
  t.falsy(error.partial);
  await t.throwsAsync(docker.getContainer("pl-job").inspect());
  const late = await fails(client.create(jobType, "job", job({command: ["sleep", "60"], timeoutSeconds: 1})));
  t.regex(late.message, /the job pl-job did not end within 1 s/);
  await t.throwsAsync(docker.getContainer("pl-job").inspect());
});

test.serial("an interrupted job runs on, and the next update takes it over", async t => {
  const inputs = job({
    command: ["sh", "-c", "echo x >> /data/runs; sleep 4; wc -l < /data/runs"],
    mounts: [{type: "volume", source: "pl-jobdata", target: "/data"}],
  });
  const own = await connect(holdfastProvider);
  const running = fails(own.create(jobType, "job", inputs));
  await new Promise(done => setTimeout(done, 2000));
  await own.cancel();
  const error = await running;
  own.close();
  t.regex(error.message, /its container runs on/);
  const {id, outputs} = error.partial!;
  t.true((await client.diff(jobType, "job", inputs, inputs, outputs)).changed);
  const taken = await client.update(jobType, "job", id, {inputs, outputs}, inputs);
  t.is(taken.output, "1\n", "it ran once");
  t.false((await client.diff(jobType, "job", inputs, inputs, taken)).changed);
  const Labels = {[urnLabel]: client.urn(jobType, "job"), [specLabel]: specHash(inputs)};
  const left = await docker.createContainer({name: "pl-job", Image: image, Cmd: ["sh", "-c", "echo left"], Labels});
  await left.start();
  await left.wait();
  t.is(
    (await client.create(jobType, "job", inputs)).outputs.output,
    "left\n",
    "the result of one that ended unseen counts",
  );
});

test.serial("a job whose volumes are all gone is gone too, and not before", async t => {
  const volumes = ["pl-jobdata", "pl-jobmore"];
  const inputs = job({
    lostWith: volumes,
    mounts: [{type: "volume", source: "pl-jobdata", target: "/data"}],
  });
  await docker.createVolume({Name: "pl-jobmore"});
  const made = await client.create(jobType, "job", inputs);
  const read = () => client.read(jobType, "job", made.id, inputs, made.outputs);
  t.deepEqual((await read()).outputs, made.outputs);
  await docker.getVolume("pl-jobdata").remove();
  t.is((await read()).id, made.id, "who has lost its data joins those who have theirs");
  await docker.getVolume("pl-jobmore").remove();
  t.is((await read()).id, "", "it is run again");
});

test.serial("a gate asks the others only when its subject changes", async t => {
  for (const [name, command] of [
    ["pl-well", "sleep"],
    ["pl-ill", "sleep"],
  ] as const) {
    await (await docker.createContainer({name, Image: image, Cmd: [command, "600"], HostConfig: {Init: true}})).start();
  }
  const ask = [
    {member: "well", container: "pl-well", command: ["true"]},
    {member: "ill", container: "pl-ill", command: ["sh", "-c", "echo not Synced; exit 1"]},
    {member: "slow", container: "pl-well", command: ["sleep", "30"]},
    {member: "lost", container: "pl-lost", command: ["true"]},
  ];
  const inputs: Properties = {subject: "c1", fingerprint: "a", ask, timeoutMs: 1500};
  const made = await client.create(gateType, "gate", inputs);
  const update = (news: Properties) => client.update(gateType, "gate", made.id, {inputs, outputs: inputs}, news);
  await t.notThrowsAsync(update({...inputs, ask: []}), "other members alone: nobody is asked");
  const error = await fails(update({...inputs, fingerprint: "b"}));
  t.is(
    error.message,
    [
      "c1 is not changed, because 3 of the 4 members that must carry on meanwhile are not healthy:",
      "  ill: unhealthy, code 1: not Synced",
      "  slow: no answer from pl-well within 1.5 s",
      "  lost: there is no container pl-lost",
      "Nothing of c1 was touched. Heal first: ./holdfast heal test (or start the member with docker), then run the update again.",
      "Where that cannot help (the cluster never came up as a whole), HOLDFAST_GATE=off for one update takes the risk.",
    ].join("\n"),
  );
  await t.notThrowsAsync(update({...inputs, fingerprint: "b", ask: ask.slice(0, 1)}));
  await t.notThrowsAsync(update({...inputs, fingerprint: "b", container: "pl-lost"}), "a subject that is gone itself");
  await t.throwsAsync(update({...inputs, fingerprint: "b", container: "pl-well"}), {message: /is not changed/});
  const added = {member: "new", container: "pl-new", command: ["true"]};
  await t.notThrowsAsync(update({...inputs, fingerprint: "b", ask: [ask[0]!, added]}), "one that is only being added");
  await client.delete(gateType, "gate", made.id, inputs);
});
