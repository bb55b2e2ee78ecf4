import test from "ava";
import {FakePlatform} from "../../test/fake-platform.ts";
import type {RabbitMqArgs} from "./args.ts";
import {checkRabbitMq} from "./check.ts";

const problems = (args: object = {}, zones = ["a", "b", "c"], name = "rabbitmq") =>
  checkRabbitMq(name, {platform: new FakePlatform(zones), ...args} as RabbitMqArgs).map(p => `${p.path} ${p.message}`);

const accepted: [what: string, args: object, zones?: string[]][] = [
  ["the defaults", {}],
  ["one member in one zone", {members: 1}, ["a"]],
  ["five members in three zones", {members: 5}],
  ["mirrors on every member", {replication: "mirrored", copies: "all"}],
  ["mirrors on two members, in a drill", {replication: "mirrored", copies: 2, acceptLoss: true}],
  ["autoheal with quorum queues", {partitionHandling: "autoheal"}],
  ["what loses, in a drill", {partitionHandling: "autoheal", replication: "mirrored", acceptLoss: true}],
  ["RabbitMQ's own net_ticktime", {netTicktimeSeconds: 60}],
  ["a user with few rights", {vhost: "orders", users: [{name: "reader", configure: "^$", write: "^$"}]}],
];
for (const [what, args, zones] of accepted) test(`accepts ${what}`, t => t.deepEqual(problems(args, zones), []));

const refused: [args: object, message: RegExp, zones?: string[]][] = [
  [{members: 4}, /^members is 4\. An even size.*Write 3 or 5/],
  [{members: 0}, /^members is 0\./],
  [{members: 3}, /^platform\.zones are 2\..*Give the platform 3 zones/, ["a", "b"]],
  [{members: 5}, /^platform\.zones are 2\./, ["a", "b"]],
  [{version: "3.13"}, /^version is "3\.13"\. It takes "3\.10"/],
  [
    {replication: "mirrored", version: "4.0"},
    /^replication is "mirrored" on version "4\.0"\. RabbitMQ has no mirrored/,
  ],
  [{replication: "none"}, /^replication is "none"\. It takes "mirrored" or "quorum"/],
  [{replication: "mirrored", copies: 1}, /^copies is 1\. It takes a whole number from 2 to 3/],
  [{replication: "mirrored", copies: 4}, /^copies is 4\./],
  [{replication: "mirrored", copies: 2}, /^copies is 2 of 3: a leader that is cut off may confirm/],
  [{copies: 2}, /^copies is 2, which only `replication` "mirrored" uses/],
  [{partitionHandling: "ignore"}, /^partitionHandling is "ignore": both sides would serve/],
  [{partitionHandling: "autoheal", replication: "mirrored"}, /^partitionHandling is "autoheal" with mirrored queues/],
  [{partitionHandling: "pause"}, /^partitionHandling is "pause"\. It takes/],
  [{netTicktimeSeconds: 3}, /^netTicktimeSeconds is 3\. It takes a whole number from 4 to 120/],
  [{vhost: "a b"}, /^vhost is "a b"/],
  [{users: []}, /^users is empty/],
  [{users: [{name: "a"}, {name: "a"}]}, /^users has the name "a" more than once/],
  [{users: [{name: "A"}]}, /^users\[0\]\.name is "A"/],
  [{users: [{name: "a", read: "("}]}, /^users\[0\]\.read is "\("\. It takes a regular expression/],
  [{users: [{name: "cookie"}]}, /^users\[0\]\.name is "cookie"/],
  [{memory: 128}, /^memory is 128/],
  [{firstZone: 3}, /^firstZone is 3/],
];
for (const [args, message, zones] of refused)
  test(`refuses ${JSON.stringify(args)} in ${zones?.length ?? 3} zones`, t =>
    t.regex(problems(args, zones).join("\n"), message));

test("every problem is reported at once", t =>
  t.is(problems({members: 2, memory: 1, replication: "mirrored", version: "4.1"}, ["a"], "Rabbit").length, 5));
