import test from "ava";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";
import type {FrontEnd} from "../component.ts";
import {state as question} from "./state.ts";
import {VirtualIp} from "./virtualip.ts";

const registered = mockPulumi();

const sql: FrontEnd = {
  name: "sql",
  port: 3306,
  mode: "single-writer",
  servers: [0, 1, 2].map(i => ({name: `db-${i}`, address: `198.18.1.3${i}`, port: 3306})),
  check: {kind: "http", port: 9200, path: "/writable"},
  endpoint: {of: "galera", protocol: "mysql", database: "app", user: "app", passwordSecret: "galera-app-password"},
};
const amqp: FrontEnd = {
  name: "amqp",
  port: 5672,
  mode: "balanced",
  servers: [0, 1].map(i => ({name: `mq-${i}`, address: `198.18.1.4${i}`, port: 5672})),
  check: {kind: "tcp", send: "414d515000000901", expect: "01"},
  timings: {interval: 1000},
  endpoint: {of: "rabbitmq", protocol: "amqp"},
};
const make = (name: string, more: object = {}) => {
  const platform = new FakePlatform();
  return {platform, vip: new VirtualIp(name, {platform, frontEnds: [sql, amqp], ...more})};
};

test("its children are a guard, and members one after the other", async t => {
  const {platform, vip} = make("pair");
  await resolved(vip.topology);
  await new Promise(resolve => setTimeout(resolve, 50));
  t.deepEqual(platform.calls, [
    {kind: "guard", name: "pair-guard", after: [], parent: "pair"},
    {kind: "member", name: "pair-0", after: ["pair-guard"], parent: "pair"},
    {kind: "member", name: "pair-1", after: ["pair-guard", "pair-0"], parent: "pair"},
  ]);
  t.true(registered.some(r => r.type === "holdfast:index:VirtualIp" && r.name === "pair"));
  t.deepEqual(platform.guards["pair-guard"]!.members, ["pair-0", "pair-1"]);
});

test("only keepalived has capabilities, and each listener its own network", async t => {
  const {platform} = make("rights");
  const [spec, keepalived] = [platform.members["rights-1"]!, platform.members["rights-1"]!.companions![0]!];
  t.is(spec.zone, "b");
  t.is(spec.capabilities, undefined);
  t.deepEqual([keepalived.user, keepalived.capabilities], ["0", ["NET_ADMIN", "NET_RAW"]]);
  const config = await platform.file(spec, "haproxy.cfg");
  t.deepEqual(
    config.match(/^ {2}bind .*/gm)!.map(line => line.trim()),
    [
      "bind 127.0.0.1:8405",
      `bind ${spec.addresses.mgmt}:8405`,
      `bind ${spec.addresses.mgmt}:8404`,
      "bind 198.18.0.31:3306",
      "bind 198.18.0.31:5672",
    ],
  );
  t.regex(config, /localpeer rights-1\n/);
});

test("one server writes and the others are its backups", async t => {
  const {platform} = make("modes");
  const config = await platform.file(platform.members["modes-0"], "haproxy.cfg");
  const part = (name: string) => config.split("\n\n").find(p => p.startsWith(`listen ${name}`))!;
  t.deepEqual(part("sql").match(/^ {2}server .*/gm), [
    "  server db-0 198.18.1.30:3306 check port 9200",
    "  server db-1 198.18.1.31:3306 check port 9200 backup",
    "  server db-2 198.18.1.32:3306 check port 9200 backup",
  ]);
  t.regex(part("sql"), /stick on int\(1\)/);
  t.notRegex(part("sql"), /redispatch/);
  t.regex(part("amqp"), /balance leastconn\n {2}option redispatch 1/);
  t.regex(part("amqp"), /send-binary 414d515000000901\n {2}tcp-check expect binary 01/);
  t.regex(part("amqp"), /inter 1000ms fastinter 50ms/);
});

test("a server with an agent is asked about at the agent, by its name", async t => {
  const agent = {address: "198.18.1.31", port: 9202};
  const {platform} = make("asked", {frontEnds: [{...sql, servers: [{...sql.servers[0]!, agent}, sql.servers[1]!]}]});
  const config = await platform.file(platform.members["asked-0"], "haproxy.cfg");
  t.deepEqual(config.match(/^ {2}server .*/gm), [
    '  server db-0 198.18.1.30:3306 check port 9200 agent-check agent-addr 198.18.1.31 agent-port 9202 agent-inter 100ms agent-send "db-0\\n"',
    "  server db-1 198.18.1.31:3306 check port 9200 backup",
  ]);
});

test("sessions hasten the checks and are shut, unless the settings say otherwise", async t => {
  const lines = async (name: string, more: object) => {
    const {platform} = make(name, more);
    return (await platform.file(platform.members[`${name}-0`], "haproxy.cfg")).match(/^ {2}default-server .*/gm)!;
  };
  const ends = / observe layer4 error-limit 1 on-error sudden-death on-marked-down shutdown-sessions$/;
  for (const line of await lines("usual", {})) t.regex(line, ends);
  const plain = await lines("plain", {serverCheck: {watchSessions: false, shutSessions: false}});
  t.is(plain.length, 2);
  for (const line of plain) t.regex(line, / fall 2 rise 2$/);
});

test("every claim outbids every priority without one", async t => {
  const {platform} = make("many", {members: 3});
  const priorities = await Promise.all(
    [0, 1, 2].map(async i => {
      const config = await platform.file(platform.members[`many-${i}`]!.companions![0], "keepalived.conf");
      return Number(/priority (\d+)/.exec(config)![1]);
    }),
  );
  t.deepEqual(priorities, [150, 125, 100]);
  t.true(Math.min(...priorities) + 100 > Math.max(...priorities));
  const config = await platform.file(platform.members["many-2"]!.companions![0], "keepalived.conf");
  t.regex(config, /unicast_peer {\n {4}198\.18\.0\.16\n {4}198\.18\.0\.17\n {4}198\.18\.0\.19\n {2}}/);
});

test("a member more changes nothing of those that stand, up to the room that they were made with", async t => {
  const filesOf = async (more: object) => {
    const {platform} = make("grows", more);
    const member = platform.members["grows-0"]!;
    return Promise.all([
      platform.file(member, "haproxy.cfg"),
      platform.file(member.companions![0], "keepalived.conf"),
      platform.file(member.companions![0], "vrrp.settings"),
    ]);
  };
  const two = await filesOf({});
  t.deepEqual(await filesOf({members: 3}), two);
  t.deepEqual(await filesOf({members: 4}), two);
  t.notDeepEqual(await filesOf({members: 5}), two);
  t.throws(() => make("small", {members: 3, room: 2}), {message: /`room` is 2/});
});

test("the topology has an endpoint for each front end and the times that bounds come from", async t => {
  const {vip} = make("told", {address: "198.18.0.200"});
  const topology = await resolved(vip.topology);
  t.deepEqual(topology.endpoints[0], {
    ...sql.endpoint,
    name: "sql",
    network: "front",
    address: "198.18.0.200",
    port: 3306,
  });
  t.is(topology.settings.address, "198.18.0.200");
  t.like(topology.settings, {
    advertIntervalMs: 80,
    lowestPriority: 125,
    "amqp.intervalMs": 1000,
    "amqp.fastIntervalMs": 50,
  });
  t.deepEqual(
    topology.members.map(m => m.name),
    ["told-0", "told-1"],
  );
});

const answer = (first: string, holds: string, up: (0 | 2)[], row: string) => ({
  code: first === "healthy" ? 0 : 1,
  stderr: "",
  stdout: [
    first,
    `holds ${holds}`,
    "1",
    "# be_id be_name srv_id srv_name srv_addr srv_op_state",
    ...up.map((op, i) => `4 sql ${i + 1} db-${i} 198.18.1.3${i} ${op} 0 1 1 4 15 3 3 6 0 0 0 - 3306 - 0 9200 - - 9200`),
    "5 amqp 1 mq-0 198.18.1.40 2 0 1 1 4 15 3 3 6 0 0 0 - 5672 - 0 0 - - 0",
    "",
    "# table: sql, type: integer, size:10, used:1",
    row,
    "",
  ].join("\n"),
});

test("a holder tells where the writes go", t => {
  const row = "0x5582b95f5340: key=1 use=0 exp=0 server_id=2 server_key=db-1";
  const state = question.parse(answer("healthy", "yes", [2, 2, 2], row));
  t.deepEqual(state, {
    healthy: true,
    state: "holds the address",
    roles: ["holder"],
    detail: {holds: true, "up:sql": 3, "writer:sql": "db-1", "up:amqp": 1},
  });
});

test("without a row, or with one of a server that is down, the first that is up writes", t => {
  const row = "0x5582b95f5340: key=1 use=0 exp=0 server_id=1 server_key=db-0";
  t.is(question.parse(answer("healthy", "no", [0, 2, 2], row)).detail["writer:sql"], "db-1");
  t.is(question.parse(answer("healthy", "no", [2, 2, 2], "")).detail["writer:sql"], "db-0");
  t.is(question.parse(answer("healthy", "no", [0, 0, 0], row)).detail["writer:sql"], undefined);
});

test("a member whose HAProxy or Keepalived is gone is not healthy, whoever holds the address", t => {
  t.like(question.parse({code: 1, stdout: "keepalived gone\nholds yes\n", stderr: ""}), {
    healthy: false,
    state: "holds the address, keepalived gone",
    roles: ["holder"],
  });
  t.like(question.parse({code: 137, stdout: "", stderr: "container is not running"}), {
    healthy: false,
    state: "no answer: container is not running",
    detail: {},
  });
});
