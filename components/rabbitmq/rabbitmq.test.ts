import test from "ava";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {ResourceError} from "../component.ts";
import {RabbitMqCluster} from "./rabbitmq.ts";

mockPulumi();

test("three members, one after the other, behind guard and first bootstrap", async t => {
  const platform = new FakePlatform();
  const cluster = new RabbitMqCluster("rabbitmq", {platform});
  await resolved(cluster.topology);
  t.deepEqual(
    platform.calls.map(c => [c.kind, c.name, c.after]),
    [
      ["secret", "rabbitmq-app", []],
      ["secret", "rabbitmq-cookie", []],
      ["volume", "rabbitmq-0", []],
      ["volume", "rabbitmq-1", []],
      ["volume", "rabbitmq-2", []],
      ["once", "rabbitmq-first", ["rabbitmq-0"]],
      ["guard", "rabbitmq-guard", []],
      ["member", "rabbitmq-0", ["rabbitmq-0", "rabbitmq-guard", "rabbitmq-first"]],
      ["member", "rabbitmq-1", ["rabbitmq-1", "rabbitmq-guard", "rabbitmq-0"]],
      ["member", "rabbitmq-2", ["rabbitmq-2", "rabbitmq-guard", "rabbitmq-1"]],
      ["leave", "rabbitmq-0-leave", ["rabbitmq-0"]],
      ["leave", "rabbitmq-1-leave", ["rabbitmq-1", "rabbitmq-0-leave"]],
      ["leave", "rabbitmq-2-leave", ["rabbitmq-2", "rabbitmq-1-leave"]],
    ],
  );
  t.true(platform.calls.every(c => c.parent === "rabbitmq"));
});

test("members are on the back network alone, in different zones, without rights", async t => {
  const platform = new FakePlatform();
  new RabbitMqCluster("rabbitmq", {platform, firstZone: 1});
  const specs = Object.values(platform.members);
  t.deepEqual(
    specs.map(s => s.zone),
    ["b", "c", "a"],
  );
  t.deepEqual(
    specs.map(s => s.addresses),
    [{back: "198.18.1.16"}, {back: "198.18.1.17"}, {back: "198.18.1.18"}],
  );
  for (const spec of specs) {
    t.is(spec.user, "810");
    t.is(spec.capabilities, undefined);
  }
  t.deepEqual(specs[1]!.peers, ["rabbitmq-0", "rabbitmq-2"]);
  t.is(specs[1]!.env!.HOLDFAST_PEERS, "rabbitmq-0.internal=198.18.1.16 rabbitmq-2.internal=198.18.1.18");
  t.is(specs[1]!.hosts!["rabbitmq-0.internal"], "198.18.1.16");
  const conf = await platform.file(specs[0], "rabbitmq.conf");
  t.regex(conf, /^listeners\.tcp\.1 = 198\.18\.1\.16:5672$/m);
  t.regex(conf, /^cluster_partition_handling = pause_minority$/m);
  t.regex(conf, /^net_ticktime = 5$/m);
});

test("a change of size touches nobody who stands", async t => {
  const [three, five] = [new FakePlatform(), new FakePlatform()];
  const small = new RabbitMqCluster("rabbitmq", {platform: three, replication: "mirrored"});
  const large = new RabbitMqCluster("rabbitmq", {platform: five, replication: "mirrored", members: 5});
  for (const name of ["rabbitmq-0", "rabbitmq-1", "rabbitmq-2"]) {
    const [before, after] = [three.members[name]!, five.members[name]!];
    const plain = ({peers: _, files: __, volumes: ___, ...rest}: typeof before) => rest;
    t.deepEqual(plain(after), plain(before));
    for (const {name: file} of before.files!) t.is(await five.file(after, file), await three.file(before, file));
  }
  t.deepEqual(small.amqpFrontEnd(), large.amqpFrontEnd());
  t.deepEqual(three.leaves["rabbitmq-1-leave"], five.leaves["rabbitmq-1-leave"]);
});

test("secrets are in files alone", async t => {
  const platform = new FakePlatform();
  const cluster = new RabbitMqCluster("rabbitmq", {platform});
  const spec = platform.members["rabbitmq-0"]!;
  t.is(await platform.file(spec, "cookie"), "value-of-rabbitmq-cookie");
  t.false((await platform.file(spec, "definitions.json")).includes("value-of-"));
  t.false(JSON.stringify([spec.env, spec.command, platform.jobs["rabbitmq-first"]!.env]).includes("value-of-"));
  t.deepEqual(Object.keys(cluster.secrets), ["rabbitmq-app"]);
});

test("the topology and the front end describe it", async t => {
  const cluster = new RabbitMqCluster("queue", {platform: new FakePlatform(), replication: "mirrored"});
  const topology = await resolved(cluster.topology);
  t.is(topology.kind, "rabbitmq");
  t.deepEqual(topology.settings, {
    version: "3.10",
    replication: "mirrored",
    copies: "all",
    mirrorSync: "automatic",
    partitionHandling: "pause_minority",
    netTicktimeMs: 5000,
    vhost: "/",
  });
  t.deepEqual(
    topology.members.map(m => m.name),
    ["queue-0", "queue-1", "queue-2"],
  );
  const end = cluster.amqpFrontEnd({port: 5673});
  t.deepEqual(
    end.servers.map(s => `${s.name} ${s.address}:${s.port}`),
    [0, 1, 2, 3, 4].map(i => `queue-${i} 198.18.1.${16 + i}:5672`),
    "the proxies know of all that there may be",
  );
  t.like(end, {name: "amqp", port: 5673, mode: "balanced"});
  t.deepEqual(end.endpoint, {of: "queue", protocol: "amqp", vhost: "/", user: "app", passwordSecret: "queue-app"});
});

test("a wrong argument is refused by the name of the component", t => {
  const error = t.throws(() => new RabbitMqCluster("rabbitmq", {platform: new FakePlatform(), members: 2, memory: 1}), {
    instanceOf: ResourceError,
  });
  t.regex(error!.message, /^RabbitMqCluster "rabbitmq": `members` is 2.*\nRabbitMqCluster "rabbitmq": `memory` is 1/);
});
