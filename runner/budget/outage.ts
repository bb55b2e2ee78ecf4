import {kindOf} from "../../components/kinds.ts";
import {distance} from "../../lib/budget/distance.ts";
import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {machineMs, machineTerm} from "../../lib/budget/machine.ts";
import {longest, NoBudget, sumOf, type Term, turn} from "../../lib/budget/terms.ts";
import type {Proxying} from "../../lib/proxies.ts";
import type {BudgetTerm} from "../../lib/result.ts";
import {type Endpoint, findComponent, type Topology, type TopologyComponent} from "../../lib/topology.ts";
import {mayBeDown} from "../faults/blast-radius.ts";

/** The longest time that a client may go without an acknowledged operation. */
export interface Budget {
  ms: number;
  terms: BudgetTerm[];
  /** What goes on at the same time and is over before. */
  meanwhile: {name: string; ms: number}[];
  /** What it may cost once more, long after the failure itself, when a member that was silent comes back as it was. */
  back?: {ms: number; terms: BudgetTerm[]};
}

/** What it is computed for. */
export interface Question {
  topology: Topology;
  /** Where the clients are. */
  endpoint: Endpoint;
  client: ClientTimings;
  /** What fails, all at the same time. */
  failures: readonly Failure[];
  /** What the machine takes without any fault. Default: as measured on the lab. */
  machineMs?: number;
}

/** One thing that the client waits for, while the others go on beside it. */
interface Wait {
  name: string;
  terms: readonly Term[];
}

/** The budget; undefined when nothing that fails is on the way from the clients of the endpoint to what answers them.
 *  @throws NoBudget when it cannot be computed: what is lost was the quorum, or the topology does not say enough. */
export function outageOf(question: Question): Budget | undefined {
  const {topology, endpoint, client, failures} = question;
  const service = findComponent(topology, endpoint.of);
  const proxy = proxyOf(topology, endpoint);
  if (!service) return undefined;
  const behind = failures.find(f => f.component === service.name);
  // Clients have nothing to do with a proxy that does not hold the address.
  const before = proxy && failures.find(f => f.component === proxy.before.name && !isIdle(proxy.before, f));
  if (!behind && !before) return undefined;
  if (behind) someAreLeft(service, behind);
  if (proxy && before) someAreLeft(proxy.before, before);
  const waits = [
    ...(proxy ? wayOf(proxy, endpoint, service, client, before, behind) : []),
    ...(behind
      ? [{name: `${service.name} serves on`, terms: kindOf(service.kind).budget.servesOn(service, behind, client)}]
      : []),
  ];
  const terms = longest(...waits.map(wait => wait.terms));
  const seen = (terms: readonly Term[]) => {
    const all = [
      ...terms,
      turn("from one operation to the next, twice", 2 * client.spacingMs),
      distance(endpoint.protocol, client.roundTripMs ?? 0),
      machineTerm(question.machineMs ?? machineMs),
    ];
    return {ms: sumOf(all), terms: all.filter(term => term.ms > 0)};
  };
  // What the return of the address costs beside it has no equation; where both return at once, one budget holds for
  // all.
  const back = behind && !before ? returnOf(proxy, endpoint, service, behind, client) : [];
  return {
    ...seen(terms),
    meanwhile: waits.filter(w => w.terms !== terms).map(w => ({name: w.name, ms: sumOf(w.terms)})),
    ...(back.length > 0 ? {back: seen(back)} : {}),
  };
}

/** A component before the service, with what its kind can do. */
interface Before {
  before: TopologyComponent;
  is: Proxying;
}

function proxyOf({components}: Topology, {name}: Endpoint): Before | undefined {
  const found = components.flatMap(before => {
    const is = kindOf(before.kind).proxying;
    return is && before.endpoints.some(e => e.name === name) ? [{before, is}] : [];
  });
  return found[0];
}

/** Clients that are sent to one member have nothing to do with the one that fails. */
const isIdle = ({kind}: TopologyComponent, {role}: Failure): boolean =>
  role !== undefined && kindOf(kind).roles[role]?.idle === true;

/** Until clients are served again when a member comes back as it was. Some kinds stop for that; of most, one that comes
 *  back joins anew. */
function returnOf(
  proxy: Before | undefined,
  endpoint: Endpoint,
  service: TopologyComponent,
  failure: Failure,
  client: ClientTimings,
): Term[] {
  const back = kindOf(service.kind).budget.back(service, failure);
  if (!back) return [];
  const reached = proxy
    ? [
        ...back.saysYes,
        ...proxy.is.budget.serverIn(proxy.before, endpoint.name),
        turn("pause before the next attempt", client.retryMs),
      ]
    : [];
  return [...back.serves, ...reached];
}

/** Until clients can reach a server again: the address has moved and the server that failed is out, side by side, and
 *  they have connected anew. */
function wayOf(
  proxy: Before,
  endpoint: Endpoint,
  service: TopologyComponent,
  client: ClientTimings,
  before: Failure | undefined,
  behind: Failure | undefined,
): Wait[] {
  const {name} = proxy.before;
  const {addressMoves, clientsAreTold, keptSessions} = proxy.is.budget;
  const pause = turn("pause before the next attempt", client.retryMs);
  const attempt = turn("connection attempt under way", client.connectMs);
  const moves = before ? addressMoves(proxy.before, before) : [];
  const out =
    behind && usesIt(proxy, endpoint, service, behind) ? takenOut(proxy, endpoint, service, behind) : undefined;
  const again = before ? [attempt, pause] : [pause];
  const kept = behind ? keptSessions(proxy.before, endpoint.name, behind.kind, client) : [];
  return [
    ...(before ? [{name: `${name} moves the address, clients connect`, terms: [...moves, ...again]}] : []),
    ...(out ? [{name: `${name} takes the server out, clients connect`, terms: [...out, ...kept, ...again]}] : []),
    ...(before && !clientsAreTold(before)
      ? [
          {
            name: "clients wait for an answer that cannot come",
            terms: [turn("operation under way", client.operationMs)],
          },
        ]
      : []),
  ];
}

/** Clients of a single writer have no session with the others. */
function usesIt({before, is}: Before, endpoint: Endpoint, service: TopologyComponent, failure: Failure): boolean {
  return !isIdle(service, failure) || !is.oneWriter(before, endpoint.name);
}

function takenOut({before, is}: Before, endpoint: Endpoint, service: TopologyComponent, failure: Failure): Term[] {
  const said = kindOf(service.kind).budget.saysNo(service, failure);
  // Who answers in its place lives and says no, as fast as a refusal.
  return [...said, ...is.budget.serverOut(before, endpoint.name, said.length > 0 ? "process killed" : failure.kind)];
}

function someAreLeft(component: TopologyComponent, failure: Failure): void {
  const {name, members} = component;
  if (failure.members <= mayBeDown(component)) return;
  throw new NoBudget(
    kindOf(component.kind).quorum === "majority"
      ? `${failure.members} of ${members.length} members of ${name} take its quorum with them: nobody serves until they are back.`
      : `No member of ${name} is left: nobody serves until one is back.`,
  );
}
