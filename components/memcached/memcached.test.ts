import test from "ava";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {ResourceError} from "../component.ts";
import type {MemcachedArgs} from "./args.ts";
import {checkMemcached} from "./check.ts";
import {MemcachedPool} from "./memcached.ts";

mockPulumi();

const problems = (args: object = {}, zones = ["a", "b", "c"], name = "cache") =>
  checkMemcached(name, {platform: new FakePlatform(zones), ...args} as MemcachedArgs).map(
    p => `${p.path} ${p.message}`,
  );

for (const [what, args, zones] of [
  ["the defaults", {}, undefined],
  ["one member in one zone", {members: 1}, ["a"]],
  ["an even number in two zones", {members: 4}, ["a", "b"]],
] as [string, object, string[] | undefined][])
  test(`accepts ${what}`, t => t.deepEqual(problems(args, zones), []));

for (const [args, message, zones] of [
  [{members: 0}, /^members is 0\. It takes a whole number from 1 to 15/, undefined],
  [{members: 3}, /^platform\.zones are 1\..*Give the platform 2 zones/, ["a"]],
  [{memory: 4}, /^memory is 4/, undefined],
  [{maxConnections: 1}, /^maxConnections is 1/, undefined],
  [{firstZone: -1}, /^firstZone is -1/, undefined],
] as [object, RegExp, string[] | undefined][])
  test(`refuses ${JSON.stringify(args)}`, t => t.regex(problems(args, zones).join("\n"), message));

test("every problem is reported at once", t => {
  const error = t.throws(() => new MemcachedPool("cache", {platform: new FakePlatform(), members: 16, memory: 0}), {
    instanceOf: ResourceError,
  });
  t.is(error!.message.split("\n").length, 2);
});

test("members, one after the other, on the front network alone", async t => {
  const platform = new FakePlatform();
  const pool = new MemcachedPool("cache", {platform});
  const topology = await resolved(pool.topology);
  t.deepEqual(
    platform.calls.map(c => [c.kind, c.name, c.after]),
    [
      ["guard", "cache-guard", []],
      ["member", "cache-0", ["cache-guard"]],
      ["member", "cache-1", ["cache-guard", "cache-0"]],
      ["member", "cache-2", ["cache-guard", "cache-1"]],
    ],
  );
  const spec = platform.members["cache-1"]!;
  t.deepEqual(spec.addresses, {front: "198.18.0.17"});
  t.deepEqual(spec.command, [
    "memcached",
    "--listen=198.18.0.17",
    "--port=11211",
    "--udp-port=0",
    "--memory-limit=64",
    "--conn-limit=1024",
    "--threads=2",
  ]);
  t.is(spec.capabilities, undefined);
  t.deepEqual(topology.endpoints, [
    {
      name: "cache",
      of: "cache",
      protocol: "memcached",
      network: "front",
      address: "198.18.0.16",
      port: 11211,
      servers: ["198.18.0.16:11211", "198.18.0.17:11211", "198.18.0.18:11211"],
    },
  ]);
});
