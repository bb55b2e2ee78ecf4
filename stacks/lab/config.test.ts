import * as pulumi from "@pulumi/pulumi";
import test from "ava";
import {labConfig} from "./config.ts";

function withConfig(values: Record<string, string>) {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`lab:${key}`, value])),
    [],
  );
  return labConfig();
}

test.serial("defaults", t => {
  t.deepEqual(withConfig({}), {
    subnet: "198.18.64.0/22",
    zones: ["a", "b", "c"],
    galeraMembers: 3,
    galeraMode: "single-writer",
    rabbitmqMembers: 3,
    rabbitmqReplication: "mirrored",
    memcachedMembers: 3,
    webMembers: 3,
    galera: {},
    rabbitmq: {},
    memcached: {},
    web: {},
    vip: {},
    diskMb: 0,
    disk: "memory",
    clock: "machine",
    engineSocket: "auto",
  });
});

test.serial("what is set is read", t => {
  const config = withConfig({
    subnet: "198.18.68.0/22",
    zones: '["x","y"]',
    galeraMembers: "5",
    galeraMode: "balanced",
    rabbitmqReplication: "quorum",
    galera: '{"detection": {"suspectMs": 5000}}',
    engineSocket: "none",
  });
  t.like(config, {
    subnet: "198.18.68.0/22",
    zones: ["x", "y"],
    galeraMembers: 5,
    galeraMode: "balanced",
    rabbitmqReplication: "quorum",
    galera: {detection: {suspectMs: 5000}},
    engineSocket: "none",
  });
});

test.serial("a disk on a loop device has a size, also where none is given", t => {
  t.like(withConfig({disk: "loop", diskMb: "0"}), {disk: "loop", diskMb: 1024});
  t.like(withConfig({disk: "loop", diskMb: "2048"}), {disk: "loop", diskMb: 2048});
});

for (const [values, message] of [
  [{galeraMember: "3"}, /`galeraMember` is not a setting of this stack\. It takes subnet, zones/],
  [{galeraMembers: "three"}, /`galeraMembers` is "three"\. It takes a whole number from 1 to 9/],
  [{galeraMembers: "3.0"}, /`galeraMembers` is "3\.0"\. It takes a whole number from 1 to 9/],
  [{galeraMembers: " 3"}, /`galeraMembers` is " 3"\. It takes a whole number from 1 to 9/],
  [{diskMb: ""}, /`diskMb` is ""\. It takes a whole number/],
  [{memcachedMembers: "0"}, /`memcachedMembers` is 0\. It takes a whole number from 1 to 15/],
  [{zones: "a,b"}, /`zones` is "a,b"\. It takes a list of names/],
  [{disk: "nvme"}, /`disk` is "nvme"\. It takes "memory" or "loop"/],
  [{galeraMode: "multi"}, /`galeraMode` is "multi"\. It takes "single-writer" or "balanced"/],
  [{vip: "fast"}, /`vip` is "fast"\. It takes an object of arguments/],
  [{galera: '{"members": 5}'}, /`galera\.members` is unknown\. It takes room, arbitrator/],
  [{galeraMembers: "x", rabbitmqReplication: "none"}, /galeraMembers[\s\S]*rabbitmqReplication/],
] as const) {
  test.serial(`refuses ${JSON.stringify(values)}`, t => {
    t.throws(() => withConfig(values), {message});
  });
}
