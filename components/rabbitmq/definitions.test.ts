import {createHash} from "node:crypto";
import test from "ava";
import {FakePlatform} from "../../test/fake-platform.ts";
import type {RabbitMqArgs} from "./args.ts";
import {definitions, passwordHash} from "./definitions.ts";
import {fillRabbitMq} from "./fill.ts";

const of = (args: Partial<RabbitMqArgs> = {}) =>
  JSON.parse(
    definitions(fillRabbitMq("rabbitmq", {platform: new FakePlatform(), ...args}), {app: "pass", reader: "word"}),
  );

test("the hash is RabbitMQ's: salt, then SHA-256 of salt and password", t => {
  const bytes = Buffer.from(passwordHash("app", "pass"), "base64");
  t.is(bytes.length, 36);
  const digest = createHash("sha256").update(bytes.subarray(0, 4)).update("pass").digest();
  t.deepEqual(bytes.subarray(4), digest);
});

test("the hash is the same at every up, and differs by user", t => {
  t.is(passwordHash("app", "pass"), passwordHash("app", "pass"));
  t.not(passwordHash("app", "pass"), passwordHash("reader", "pass"));
});

test("no password is in the definitions", t => t.false(JSON.stringify(of()).includes('pass"')));

test("quorum queues need no policy", t => t.deepEqual(of().policies, []));

for (const [copies, mode] of [
  [undefined, {"ha-mode": "all"}],
  [2, {"ha-mode": "exactly", "ha-params": 2}],
  ["all", {"ha-mode": "all"}],
] as const)
  test(`mirrored with copies ${copies}`, t =>
    t.deepEqual(of({replication: "mirrored", copies}).policies[0].definition, {
      ...mode,
      "ha-sync-mode": "automatic",
      "ha-promote-on-shutdown": "when-synced",
      "ha-promote-on-failure": "when-synced",
    }));

test("users have the rights that they were given in their virtual host", t => {
  const {permissions, vhosts, users} = of({
    vhost: "orders",
    users: [{name: "app"}, {name: "reader", configure: "^$", write: "^$"}],
  });
  t.deepEqual(vhosts, [{name: "orders"}]);
  t.deepEqual(
    users.map((u: {name: string; tags: string}) => [u.name, u.tags]),
    [
      ["app", ""],
      ["reader", ""],
    ],
  );
  t.deepEqual(permissions, [
    {user: "app", vhost: "orders", configure: ".*", write: ".*", read: ".*"},
    {user: "reader", vhost: "orders", configure: "^$", write: "^$", read: ".*"},
  ]);
});
