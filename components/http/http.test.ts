import test from "ava";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {ResourceError} from "../component.ts";
import type {HttpServiceArgs} from "./args.ts";
import {checkHttp} from "./check.ts";
import {HttpService} from "./http.ts";

mockPulumi();

const program = {image: "web", command: ["node", "web.mjs"]};
const problems = (args: object = {}, zones = ["a", "b", "c"]) =>
  checkHttp("web", {platform: new FakePlatform(zones), ...program, ...args} as HttpServiceArgs).map(
    p => `${p.path} ${p.message}`,
  );

test("accepts the defaults", t => t.deepEqual(problems(), []));

for (const [args, message, zones] of [
  [{members: 1}, /^members is 1\..*Write 3/, undefined],
  [{}, /^platform\.zones are 1\./, ["a"]],
  [{port: 80}, /^port is 80\./, undefined],
  [{healthPath: "health"}, /^healthPath is "health"/, undefined],
  [{command: []}, /^command is \[\]/, undefined],
  [{env: {HOLDFAST_X: "1"}}, /^env\.HOLDFAST_X is not a name to set/, undefined],
  [{drainSeconds: -1}, /^drainSeconds is -1/, undefined],
] as [object, RegExp, string[] | undefined][])
  test(`refuses ${JSON.stringify(args)}`, t => t.regex(problems(args, zones).join("\n"), message));

test("every problem is reported at once", t => {
  const error = t.throws(
    () => new HttpService("web", {platform: new FakePlatform(), ...program, members: 1, memory: 1}),
    {instanceOf: ResourceError},
  );
  t.is(error!.message.split("\n").length, 2);
});

test("members, one after the other, on the back network alone, and a front end for them", async t => {
  const platform = new FakePlatform();
  const web = new HttpService("web", {platform, ...program, env: {GREETING: "hello"}});
  const topology = await resolved(web.topology);
  t.deepEqual(
    platform.calls.map(c => [c.kind, c.name, c.after]),
    [
      ["guard", "web-guard", []],
      ["member", "web-0", ["web-guard"]],
      ["member", "web-1", ["web-guard", "web-0"]],
      ["member", "web-2", ["web-guard", "web-1"]],
    ],
  );
  const spec = platform.members["web-1"]!;
  t.deepEqual(Object.keys(spec.addresses), ["back"]);
  t.is(spec.capabilities, undefined);
  t.deepEqual(spec.peers, ["web-0", "web-2"]);
  t.like(spec.env, {GREETING: "hello", HOLDFAST_MEMBER: "web-1", HOLDFAST_PORT: "8080", HOLDFAST_DRAIN_SECONDS: "2"});
  t.is(spec.stopGrace, 7);
  t.deepEqual(topology.settings, {port: 8080, healthPath: "/health", drainMs: 2000});
  t.like(web.frontEnd(), {
    name: "web",
    port: 80,
    mode: "http",
    check: {kind: "http", port: 8080, path: "/health"},
    endpoint: {of: "web", protocol: "http"},
  });
  t.deepEqual(
    web.frontEnd().servers.map(s => s.name),
    ["web-0", "web-1", "web-2", "web-3", "web-4"],
    "the proxies know of all that there may be",
  );
});
