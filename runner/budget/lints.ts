import {kindOf} from "../../components/kinds.ts";
import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {failureKinds} from "../../lib/budget/failure.ts";
import type {Lint} from "../../lib/budget/lint.ts";
import {shortMs} from "../../lib/budget/terms.ts";
import {type Endpoint, findComponent, type Topology, type TopologyComponent} from "../../lib/topology.ts";
import {worst} from "./table.ts";

/** What lints are found from. */
export interface Linted {
  topology: Topology;
  clientOf: (endpoint: Endpoint) => ClientTimings;
  /** By component of a punctual kind: how late one of its members was woken at worst, in milliseconds. Absent where it
   *  was not measured. */
  lateMs?: Readonly<Record<string, number>>;
}

/** Every lint of the stack, errors first. */
export function lintsOf(linted: Linted): Lint[] {
  const lints = [
    ...linted.topology.components.flatMap(component => [
      ...evenVotes(component),
      ...kindOf(component.kind).lints(component, {lateMs: linted.lateMs?.[component.name]}),
    ]),
    ...linted.topology.components.flatMap(c => c.endpoints).flatMap(endpoint => clientTimeout(linted, endpoint)),
  ];
  return lints.sort((a, b) => a.level.localeCompare(b.level));
}

function evenVotes({name, kind, members}: TopologyComponent): Lint[] {
  const votes = members.length;
  const {quorum, arbitrator} = kindOf(kind);
  if (quorum !== "majority" || votes % 2 === 1) return [];
  const text =
    votes === 2
      ? `has 2 members: when one is lost, the other has no majority and stops. Make it 3${arbitrator ? ", or add an arbitrator" : ""}.`
      : `has ${votes} votes, an even number: it survives no more losses than ${votes - 1}, and half of it has no majority. Make it ${votes + 1}.`;
  return [{level: votes === 2 ? "error" : "warning", rule: "quorum", component: name, text}];
}

/** Clients that wait for an operation for longer than the stack needs to serve again make the outage themselves.
 *  Clients of a cache find the lost member by that limit, and have no other. */
function clientTimeout({topology, clientOf}: Linted, endpoint: Endpoint): Lint[] {
  const client = clientOf(endpoint);
  const service = findComponent(topology, endpoint.of);
  if (service && kindOf(service.kind).budget.foundByClients) return [];
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
