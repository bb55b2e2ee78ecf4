import type {Topology} from "../lib/topology.ts";
import {faultKinds} from "../runner/faults/registry.ts";

/** A stack in memory: a memcached pool, because any process that runs answers its state question. */
export const fakeTopology: Topology = {
  version: 1,
  stack: "lab/lab",
  platform: "docker",
  zones: ["a", "b", "c"],
  networks: [{purpose: "front", name: "net", subnet: "198.18.12.0/24"}],
  components: [
    {
      name: "memcached",
      kind: "memcached",
      settings: {},
      members: ["a", "b", "c"].map((zone, i) => ({
        name: `memcached-${i}`,
        zone,
        addresses: {front: `198.18.12.1${i}`},
        health: ["health"],
        handle: {
          platform: "docker",
          disk: {megabytes: 16, kind: "loop"},
          clock: true,
          faults: [...faultKinds],
          containers: {main: `memcached-${i}`, companions: {helper: `memcached-${i}-helper`}},
        },
      })),
      endpoints: [
        {
          name: "memcached",
          of: "memcached",
          protocol: "memcached",
          network: "front",
          address: "198.18.12.10",
          port: 11211,
          servers: ["198.18.12.10:11211"],
        },
      ],
    },
  ],
};
