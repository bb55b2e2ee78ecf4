import test from "ava";
import {FakePlatform} from "../../test/fake-platform.ts";
import type {GaleraClusterArgs} from "./args.ts";
import {checkGalera} from "./check.ts";
import {fillGalera} from "./fill.ts";

const check = (args: object, zones = ["a", "b", "c"], name = "galera") =>
  checkGalera(name, {platform: new FakePlatform(zones), ...args} as GaleraClusterArgs).map(
    p => `${p.path}: ${p.message}`,
  );

const accepted: [what: string, args: object, zones?: string[]][] = [
  ["defaults", {}],
  ["undefined means default", {members: undefined, detection: {suspectMs: undefined}}],
  ["five", {members: 5}],
  ["two and an arbitrator", {members: 2, arbitrator: true}],
  ["four and an arbitrator", {members: 4, arbitrator: true}],
  ["nine in three zones", {members: 9}],
  ["five in five zones", {members: 5}, ["a", "b", "c", "d", "e"]],
  ["no eviction", {eviction: false}],
  ["another first zone", {firstZone: 2}],
  [
    "Galera's own timings",
    {
      detection: {
        keepaliveMs: 1000,
        inactiveCheckMs: 500,
        suspectMs: 5000,
        inactiveMs: 15000,
        installMs: 7500,
        joinRetransMs: 1000,
      },
    },
  ],
  [
    "two databases",
    {
      databases: [
        {name: "a_b", user: "one"},
        {name: "c", user: "two"},
      ],
    },
  ],
];
for (const [what, args, zones] of accepted) test(`accepts ${what}`, t => t.deepEqual(check(args, zones), []));

const refused: [args: object, message: RegExp, zones?: string[]][] = [
  [{members: 1}, /^members: is 1\..*One member alone cannot be highly available: write 3/],
  [{members: 4}, /^members: is 4, an even size.*Write 5, or `arbitrator: true`/],
  [{members: 3, arbitrator: true}, /^arbitrator: is true with 3 members, which makes 4 votes/],
  [{members: 10}, /^members: is 10/],
  [{members: "3"}, /^members: is "3"/],
  [{members: 3}, /^members: puts 2 of 3 votes into zone "a".*2 zones; give it 3 or more/, ["a", "b"]],
  [{members: 3}, /^members: puts 3 of 3 votes into zone "a".*1 zone; give it 3 or more/, ["a"]],
  [{members: 4, arbitrator: true}, /^members: puts 3 of 5 votes into zone "a"/, ["a", "b"]],
  [{firstZone: 3}, /^firstZone: is 3/],
  [{stateTransfer: "mysqldump"}, /^stateTransfer: is "mysqldump"\. It takes "mariabackup" or "rsync"/],
  [{flushLogAtTrxCommit: 3}, /^flushLogAtTrxCommit: is 3\. It takes 0, 1 or 2/],
  [{bufferPoolMb: 1024}, /^memory: is 768\. It takes a whole number from 1408/],
  [{detection: {keepaliveMs: 500}}, /^detection\.keepaliveMs: is 500\. It takes at most 333, a third of `suspectMs`/],
  [{detection: {inactiveCheckMs: 600}}, /^detection\.inactiveCheckMs: is 600\. It takes at most 500/],
  [
    {detection: {inactiveMs: 900, installMs: 900}},
    /^detection\.suspectMs: is 1000\. It takes at most 900, `inactiveMs`/,
  ],
  [{detection: {installMs: 4000}}, /^detection\.installMs: is 4000\. It takes at most 3000/],
  [
    {detection: {suspectMs: 400, keepaliveMs: 100, inactiveCheckMs: 100}},
    /^detection\.suspectMs: is 400\. It takes 500 or more/,
  ],
  [{detection: {suspectMillis: 1000}}, /^detection\.suspectMillis: is not known/],
  [{databases: [{name: "mysql", user: "app"}]}, /^databases\[0\]\.name: is "mysql"/],
  [{databases: [{name: "app", user: "ro-ot"}]}, /^databases\[0\]\.user: is "ro-ot"/],
  [{databases: [{name: "app", user: "answerer"}]}, /^databases\[0\]\.user: is "answerer"/],
  [
    {
      databases: [
        {name: "app", user: "one"},
        {name: "app", user: "two"},
      ],
    },
    /^databases: has the name "app" more than once/,
  ],
  [
    {
      databases: [
        {name: "app", user: "one"},
        {name: "bpp", user: "one"},
      ],
    },
    /^databases: has the user "one" more than once/,
  ],
  [{databases: [{name: "app", user: "watcher"}]}, /^databases\[0\]\.user: is "watcher"/],
  [{databases: [{name: "holdfast", user: "app"}]}, /^databases\[0\]\.name: is "holdfast"/],
  [{eviction: "yes"}, /^eviction: is "yes"\. It takes true or false/],
  [{answerFreshMs: 100}, /^answerFreshMs: is 100/],
];
for (const [args, message, zones] of refused) {
  test(`refuses ${JSON.stringify(args)} in ${zones?.length ?? 3} zones`, t => {
    const problems = check(args, zones);
    t.is(problems.length, 1, problems.join("\n"));
    t.regex(problems[0]!, message);
  });
}

test("names: too long, not a host name", t => {
  t.regex(check({}, undefined, "Galera")[0]!, /^name: is "Galera"/);
  t.regex(check({}, undefined, "a-name-of-thirty-characters-xx")[0]!, /at most 24 characters/);
});

test("filling leaves what is given and fills the rest", t => {
  const filled = fillGalera("galera", {
    platform: new FakePlatform(),
    members: 5,
    detection: {suspectMs: 2000},
    memory: undefined,
  });
  t.like(filled, {members: 5, memory: 768, arbitrator: false, stateTransfer: "mariabackup"});
  t.like(filled.detection, {suspectMs: 2000, keepaliveMs: 250});
});
