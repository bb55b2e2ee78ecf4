import test from "ava";
import {FakePlatform} from "../../test/fake-platform.ts";
import type {FrontEnd} from "../component.ts";
import type {VirtualIpArgs} from "./args.ts";
import {checkVirtualIp} from "./check.ts";

const end = (more: Partial<FrontEnd> = {}): FrontEnd => ({
  name: "sql",
  port: 3306,
  mode: "single-writer",
  servers: [{name: "db-0", address: "198.18.1.30", port: 3306}],
  check: {kind: "http", port: 9200, path: "/"},
  endpoint: {of: "galera", protocol: "mysql"},
  ...more,
});
const problems = (more: Partial<VirtualIpArgs> = {}, name = "vip") =>
  checkVirtualIp(name, {platform: new FakePlatform(), frontEnds: [end()], ...more}).map(p => `${p.path} ${p.message}`);

test("the defaults are accepted", t => t.deepEqual(problems(), []));

test("a port below 1024 is accepted: no capability is needed for it", t =>
  t.deepEqual(problems({frontEnds: [end({port: 443, mode: "http"})]}), []));

const refused: [string, Partial<VirtualIpArgs>, RegExp][] = [
  ["one member", {members: 1}, /^members is 1\..*Write 2/],
  ["one zone", {platform: new FakePlatform(["a"])}, /^platform\.zones are 1\./],
  ["a zone that is not there", {firstZone: 3}, /^firstZone is 3/],
  ["no address", {address: "vip.example"}, /^address is "vip\.example"/],
  [
    "an address outside",
    {address: "10.0.0.5"},
    /not for use in the front network 198\.18\.0\.0\/24.*198\.18\.0\.2 to 198\.18\.0\.254/,
  ],
  ["the broadcast address", {address: "198.18.0.255"}, /not for use/],
  ["a member's address", {address: "198.18.0.17"}, /which vip-1 has/],
  [
    "a server's address",
    {address: "198.18.0.99", frontEnds: [end({servers: [{name: "x", address: "198.18.0.99", port: 1}]})]},
    /which x has/,
  ],
  ["an advert interval below 10 ms", {advertIntervalMs: 5}, /^advertIntervalMs is 5\..*10 to 40000/],
  ["an advert interval that VRRP cannot count", {advertIntervalMs: 55}, /write 60/],
  ["a fast check that is slow", {serverCheck: {fastIntervalMs: 300}}, /longer than `serverCheck\.intervalMs` 200/],
  [
    "a word for yes or no",
    {serverCheck: {shutSessions: "no" as never}},
    /^serverCheck\.shutSessions is "no"\..*true or false/,
  ],
  [
    "a misspelt timing of the watch",
    {watch: {intervallMs: 50} as object},
    /^watch\.intervallMs is not known\. It takes intervalMs, timeoutMs/,
  ],
  [
    "a misspelt timing of the checks",
    {serverCheck: {inter: 50} as object},
    /^serverCheck\.inter is not known\. It takes intervalMs, fast/,
  ],
  ["sessions that end before they begin", {idleTimeoutMs: 1000}, /not longer than `connectTimeoutMs` 1000/],
  ["too little memory", {maxConnections: 10_000}, /10000 sessions take up to 365 MiB/],
  ["one port for two things", {checkPort: 8404}, /the port 8404 more than once/],
  ["no front end", {frontEnds: []}, /^frontEnds is empty/],
  ["two front ends of one name", {frontEnds: [end(), end({port: 3307})]}, /the name "sql" more than once/],
  ["two front ends on one port", {frontEnds: [end(), end({name: "sql2"})]}, /the port 3306 more than once/],
  ["a front end on the statistics port", {frontEnds: [end({port: 8404})]}, /in use by `statisticsPort`/],
  ["a name of the component's own", {frontEnds: [end({name: "alive"})]}, /uses itself/],
  ["no server", {frontEnds: [end({servers: []})]}, /servers is empty/],
  ["a server by name", {frontEnds: [end({servers: [{name: "a", address: "db", port: 1}]})]}, /names are not resolved/],
  [
    "an agent by name",
    {
      frontEnds: [end({servers: [{name: "a", address: "198.18.1.30", port: 1, agent: {address: "db", port: 1}}]})],
    },
    /servers\[0\]\.agent\.address is "db"/,
  ],
  ["a path with a space", {frontEnds: [end({check: {kind: "http", port: 1, path: "/ x"}})]}, /without spaces/],
  ["bytes that are none", {frontEnds: [end({check: {kind: "tcp", send: "hello"}})]}, /bytes in hexadecimal/],
];
for (const [what, args, message] of refused) {
  test(`${what} is refused`, t => {
    const found = problems(args);
    t.true(
      found.some(text => message.test(text)),
      found.join("\n"),
    );
  });
}

test("every problem is told at once", t => t.is(problems({members: 1, memory: 1, frontEnds: []}, "Bad").length, 4));
