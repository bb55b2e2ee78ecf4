import {join} from "node:path";
import test from "ava";
import type {FrontEnd} from "../../components/component.ts";
import {checkGalera} from "../../components/galera/check.ts";
import {fillGalera} from "../../components/galera/fill.ts";
import {checkRabbitMq} from "../../components/rabbitmq/check.ts";
import {checkVirtualIp} from "../../components/virtualip/check.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import {FakePlatform} from "../../test/fake-platform.ts";
import {goals} from "./figures.ts";
import {ours, readProfiles} from "./profile.ts";

const sql: FrontEnd = {
  name: "sql",
  port: 3306,
  mode: "single-writer",
  servers: [{name: "db-0", address: "198.18.1.30", port: 3306}],
  check: {kind: "http", port: 9200, path: "/"},
  endpoint: {of: "galera", protocol: "mysql"},
};
const scenarios = await findScenarios([join(import.meta.dirname, "faults")]);
const faults = scenarios.map(({name}) => name.replace("faults/", ""));
const profiles = readProfiles(join(import.meta.dirname, "profiles"), faults);

for (const {name, settings} of profiles)
  test(`the components take the values of ${name}`, t => {
    const platform = new FakePlatform();
    const {galera = {}, rabbitmq = {}, vip = {}} = settings as Record<string, object>;
    t.deepEqual(checkGalera("galera", {platform, ...galera}), []);
    t.deepEqual(checkRabbitMq("rabbitmq", {platform, replication: "mirrored", ...rabbitmq}), []);
    t.deepEqual(checkVirtualIp("vip", {platform, frontEnds: [sql], ...vip}), []);
  });

test("what Holdfast adds to Galera's own detection is off where a peer's values are measured", t => {
  const {eviction} = fillGalera("", {platform: new FakePlatform()}) as {eviction?: boolean};
  if (!eviction) return t.pass();
  for (const {name, settings, faults: own} of profiles) {
    if (name === ours || !own.some(fault => fault.startsWith("galera"))) continue;
    t.is((settings.galera as {eviction?: boolean}).eviction, false, `${name}: write \`eviction: false\` below galera`);
  }
});

test("every goal is about a fault that both profiles have", t => {
  for (const {fault, profile} of goals)
    for (const name of [ours, profile])
      t.true(profiles.find(p => p.name === name)?.faults.includes(fault), `${name} ${fault}`);
});

test("a fault is one workload and one fault, and its outage has no bound: this measures", t => {
  for (const {name, load, faults: own, bounds} of scenarios) {
    t.is(Object.keys(load).length, 1, name);
    t.is(own.length, 1, name);
    t.deepEqual(bounds.outage, {}, name);
    t.deepEqual(Object.keys(bounds.lost), Object.keys(load), name);
  }
});
