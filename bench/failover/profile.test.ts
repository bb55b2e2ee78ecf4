import {join} from "node:path";
import test from "ava";
import {ours, readProfile, readProfiles} from "./profile.ts";

const faults = ["vip-holder-killed", "galera-member-killed", "galera-writer-killed", "rabbitmq-member-paused"];
const yaml = (more: string) => `
title: A peer
about: Its values.
faults: [galera-member-killed]
${more}`;
const sourced = yaml(`
rest: 25s
settings: {vip: {advertIntervalMs: 1000}}
sources: [{values: advert_int 1, repo: some/one, file: keepalived.conf}]`);

test("a profile has its settings, the rest before a run and its sources", t => {
  t.deepEqual(readProfile("peer", sourced, faults), {
    name: "peer",
    title: "A peer",
    about: "Its values.",
    faults: ["galera-member-killed"],
    restMs: 25_000,
    settings: {vip: {advertIntervalMs: 1000}},
    sources: [{values: "advert_int 1", repo: "some/one", file: "keepalived.conf"}],
    notExpressed: [],
  });
});

for (const [what, text, message] of [
  ["a key that is unknown", yaml("settings: {}\nsetting: 1"), /setting/],
  ["a fault that there is not", sourced.replace("galera-member-killed", "flood"), /`faults` has "flood"\. It takes/],
  ["values without a source", yaml("settings: {vip: {}}"), /`sources` are none, and there are settings/],
  ["a source without a place", sourced.replace(", file: keepalived.conf", ""), /no place for "advert_int 1"/],
  ["a commit that is none", sourced.replace("file:", "commit: main, file:"), /takes 40 hexadecimal digits/],
  ["a rest without its unit", sourced.replace("25s", "25"), /rest/],
] as const)
  test(`refuses ${what}`, t => {
    t.throws(() => readProfile("peer", text, faults), {message});
  });

test("the profiles that there are can be read, ours first and without a setting", t => {
  const profiles = readProfiles(join(import.meta.dirname, "profiles"), faults);
  t.is(profiles[0]!.name, ours);
  t.deepEqual(profiles[0]!.settings, {});
  t.deepEqual(
    profiles.slice(1).map(({name}) => name),
    ["galera-built-in", "kolla-ansible", "openstack-ansible", "percona-operator", "rabbitmq-built-in"],
  );
});
