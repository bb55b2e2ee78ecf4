import type {Endpoint, Topology, TopologyComponent} from "../lib/topology.ts";

/** Settings of each component of {@link budgetTopology}: like those of the lab, but without watchers that evict, and
 *  with a rounder lowest priority. */
export const labSettings = {
  vip: {
    advertIntervalMs: 50,
    lowestPriority: 100,
    watchIntervalMs: 100,
    watchTimeoutMs: 250,
    watchFall: 2,
    watchRefusals: 1,
    takeoverMs: 100,
    connectTimeoutMs: 1000,
    checkTimeoutMs: 500,
    ...frontEnd("sql", "single-writer"),
    ...frontEnd("sql-any", "balanced"),
    ...frontEnd("amqp", "balanced"),
    ...frontEnd("web", "http"),
  },
  galera: {
    keepaliveMs: 250,
    inactiveCheckMs: 250,
    suspectMs: 1000,
    inactiveMs: 3000,
    installMs: 3000,
    joinRetransMs: 200,
    answerFreshMs: 500,
    answerEveryMs: 100,
    arbitrator: false,
  },
  rabbitmq: {
    netTicktimeMs: 5000,
    replication: "mirrored",
    mirrorSync: "automatic",
    partitionHandling: "pause_minority",
  },
  memcached: {},
  web: {},
};

function frontEnd(name: string, mode: string): TopologyComponent["settings"] {
  const settings = {mode, intervalMs: 200, fastIntervalMs: 50, fall: 2, rise: 2, asks: true, shutSessions: true};
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${name}.${key}`, value]));
}

type Settings = {[name in keyof typeof labSettings]?: TopologyComponent["settings"]};

/** The lab as a document: five components in three zones. `more` changes settings; `sizes` how many members there
 *  are. */
export function budgetTopology(more: Settings = {}, sizes: Partial<Record<keyof Settings, number>> = {}): Topology {
  const zones = ["a", "b", "c"];
  const endpoint = (name: string, of: string, protocol: Endpoint["protocol"]): Endpoint => ({
    name,
    of,
    protocol,
    network: "front",
    address: "198.18.0.31",
    port: 1,
  });
  const component = (
    name: keyof Settings,
    kind: TopologyComponent["kind"],
    size: number,
    endpoints: Endpoint[] = [],
  ): TopologyComponent => ({
    name,
    kind,
    settings: {...labSettings[name], ...more[name]},
    members: Array.from({length: sizes[name] ?? size}, (_, i) => ({
      name: `${name}-${i}`,
      zone: zones[i % 3]!,
      addresses: {},
      handle: {platform: "docker", faults: ["kill", "crash", "stop", "pause"]},
      health: [],
    })),
    endpoints,
  });
  return {
    version: 1,
    stack: "lab/lab",
    platform: "docker",
    zones,
    networks: [],
    components: [
      component("galera", "galera", 3),
      component("rabbitmq", "rabbitmq", 3),
      component("memcached", "memcached", 3, [endpoint("memcached", "memcached", "memcached")]),
      component("web", "http", 3),
      component("vip", "virtualip", 2, [
        endpoint("sql", "galera", "mysql"),
        endpoint("sql-any", "galera", "mysql"),
        endpoint("amqp", "rabbitmq", "amqp"),
        endpoint("web", "web", "http"),
      ]),
    ],
  };
}
