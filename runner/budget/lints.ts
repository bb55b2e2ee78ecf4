import type {Endpoint, Topology, TopologyComponent} from "../../lib/topology.ts";
import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {failureKinds, needsMajority} from "../../lib/budget/failure.ts";
import {worst} from "./table.ts";
import {shortMs} from "../../lib/budget/terms.ts";

/** Something about a stack that makes outages longer than they need be, or loses data. */
export interface Lint {
  /** `error`: it will not survive what it is there for. `warning`: it costs time, or may. */
  level: "error" | "warning";
  rule: "quorum" | "autoheal" | "mirror-sync" | "copies" | "blind-check" | "advert-interval" | "client-timeout";
  component: string;
  /** A sentence or two: what is there, what follows, what to do. */
  text: string;
}

/** What lints are found from. */
export interface Linted {
  topology: Topology;
  clientOf: (endpoint: Endpoint) => ClientTimings;
  /** By component that holds an address: how late one of its members was woken at worst, in milliseconds. Absent where it was not measured. */
  lateMs?: Readonly<Record<string, number>>;
}

/** Every lint of the stack, errors first. */
export function lintsOf(linted: Linted): Lint[] {
  const lints = [
    ...linted.topology.components.flatMap(component => [
      ...quorum(component),
      ...partitions(component),
      ...mirrorSync(component),
      ...fewCopies(component),
      ...blindChecks(component),
      ...advertInterval(component, linted.lateMs?.[component.name]),
    ]),
    ...linted.topology.components.flatMap(c => c.endpoints).flatMap(endpoint => clientTimeout(linted, endpoint)),
  ];
  return lints.sort((a, b) => a.level.localeCompare(b.level));
}

function quorum({name, kind, members}: TopologyComponent): Lint[] {
  const votes = members.length;
  if (!needsMajority(kind) || votes % 2 === 1) return [];
  const text =
    votes === 2
      ? `has 2 members: when one is lost, the other has no majority and stops. Make it 3${kind === "galera" ? ", or add an arbitrator" : ""}.`
      : `has ${votes} votes, an even number: it survives no more losses than ${votes - 1}, and half of it has no majority. Make it ${votes + 1}.`;
  return [{level: votes === 2 ? "error" : "warning", rule: "quorum", component: name, text}];
}

function partitions({name, settings}: TopologyComponent): Lint[] {
  const lint = (level: Lint["level"], text: string): Lint[] => [{level, rule: "autoheal", component: name, text}];
  const {partitionHandling: handling, replication} = settings;
  if (handling === "ignore")
    return lint(
      "error",
      "handles partitions by `ignore`: both sides serve, and never come together again by themselves. Use pause_minority.",
    );
  if (handling !== "autoheal") return [];
  return replication === "mirrored"
    ? lint(
        "error",
        "heals partitions by `autoheal` with mirrored queues: both sides acknowledge, and the messages of one are thrown away. Use pause_minority.",
      )
    : lint(
        "warning",
        "heals partitions by `autoheal`: queues that are not replicated lose what the smaller side took. Use pause_minority.",
      );
}

/** Only a leader that waits for everybody confirms nothing by itself when it is cut off. */
function fewCopies({name, members, settings: {replication, copies}}: TopologyComponent): Lint[] {
  if (replication !== "mirrored" || typeof copies !== "number" || copies >= members.length) return [];
  const text = `has each mirrored queue on ${copies} of ${members.length} members: a leader that is cut off may confirm messages that no other member has. Use "all", or quorum queues.`;
  return [{level: "error", rule: "copies", component: name, text}];
}

function mirrorSync({name, settings: {replication, mirrorSync: sync}}: TopologyComponent): Lint[] {
  if (replication !== "mirrored" || sync === "automatic" || sync === undefined) return [];
  const text = `mirrors queues with \`ha-sync-mode\` ${JSON.stringify(sync)}: a member that came back has nothing of older messages, and the loss of the next one loses them or stops the queue. Use "automatic".`;
  return [{level: "error", rule: "mirror-sync", component: name, text}];
}

function blindChecks({name, settings}: TopologyComponent): Lint[] {
  return Object.entries(settings)
    .filter(([key, value]) => key.endsWith(".asks") && value === false)
    .map(([key]) => ({
      level: "error" as const,
      rule: "blind-check" as const,
      component: name,
      text: `checks the servers of ${key.slice(0, -".asks".length)} by a connection alone, which the kernel of a frozen server accepts: it is never taken out. Let the check wait for an answer.`,
    }));
}

/** A holder that is woken too late for its advert loses the address for nothing: the others wait for two intervals more, and the skew. */
function advertInterval({name, settings}: TopologyComponent, late: number | undefined): Lint[] {
  const {advertIntervalMs: interval, lowestPriority: lowest} = settings;
  if (late === undefined || typeof interval !== "number" || typeof lowest !== "number") return [];
  const intervals = 2 + (256 - lowest) / 256;
  if (late < interval * intervals) return [];
  const enough = (Math.floor(late / intervals / 10) + 1) * 10;
  const text = `sends an advert every ${shortMs(interval)}, and the others take over when one is ${shortMs(interval * intervals)} late. A member was woken ${shortMs(late)} late here: the address will move without need. Make \`advertIntervalMs\` ${enough} or more.`;
  return [{level: "warning", rule: "advert-interval", component: name, text}];
}

/** Clients that wait for an operation for longer than the stack needs to serve again make the outage themselves. Clients of a cache find the lost member by
 *  that limit, and have no other. */
function clientTimeout({topology, clientOf}: Linted, endpoint: Endpoint): Lint[] {
  const client = clientOf(endpoint);
  if (topology.components.find(c => c.name === endpoint.of)?.kind === "memcached") return [];
  const cost = (failure: Failure) => {
    const of = (operationMs: number) =>
      worst({topology, endpoint, client: {...client, operationMs}}, [[failure]])?.budget?.ms ?? 0;
    return {failure, with: of(client.operationMs), without: of(0)};
  };
  const costs = topology.components.flatMap(c => failureKinds.map(kind => cost({component: c.name, kind, members: 1})));
  const longer = costs.filter(c => c.with > c.without && client.operationMs > c.without);
  const [most] = longer.sort((a, b) => b.with - b.without - (a.with - a.without));
  if (!most) return [];
  const {component, kind} = most.failure;
  const text = `has clients that wait ${shortMs(client.operationMs)} for an answer: ${component} ${kind} costs them ${shortMs(most.with)}, where the stack needs ${shortMs(most.without)}. Give them a shorter limit for an operation.`;
  return [{level: "warning", rule: "client-timeout", component: endpoint.name, text}];
}
