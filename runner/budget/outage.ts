import type {BudgetTerm} from "../../lib/result.ts";
import {type Endpoint, findComponent, type Topology, type TopologyComponent} from "../../lib/topology.ts";
import {distance} from "../../lib/budget/distance.ts";
import {type ClientTimings, type Failure, needsMajority} from "../../lib/budget/failure.ts";
import {answererSaysNo, answererSaysYes, takesBack, writesGoOn} from "../../components/galera/budget.ts";
import {machineMs, machineTerm} from "../../lib/budget/machine.ts";
import {clientsLeaveOut} from "../../components/memcached/budget.ts";
import {queuesGoOn} from "../../components/rabbitmq/budget.ts";
import {longest, NoBudget, sumOf, type Term, turn} from "../../lib/budget/terms.ts";
import {addressMoves, clientsAreTold, keptSessions, serverIn, serverOut} from "../../components/virtualip/budget.ts";

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
  const proxy = topology.components.find(
    c => c.kind === "virtualip" && c.endpoints.some(e => e.name === endpoint.name),
  );
  if (!service) return undefined;
  const behind = failures.find(f => f.component === service.name);
  // Clients have nothing to do with a proxy that does not hold the address.
  const before = failures.find(f => f.component === proxy?.name && f.role !== "backup");
  if (!behind && !before) return undefined;
  if (behind) someAreLeft(service, behind);
  if (proxy && before) someAreLeft(proxy, before);
  const waits = [
    ...(proxy ? wayOf(proxy, endpoint, service, client, before, behind) : []),
    ...(behind ? [{name: `${service.name} serves on`, terms: serves(service, behind, client)}] : []),
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
  // What the return of the address costs beside it has no equation; where both return at once, one budget holds for all.
  const back = behind && !before ? returnOf(proxy, endpoint, service, behind, client) : [];
  return {
    ...seen(terms),
    meanwhile: waits.filter(w => w.terms !== terms).map(w => ({name: w.name, ms: sumOf(w.terms)})),
    ...(back.length > 0 ? {back: seen(back)} : {}),
  };
}

function serves(service: TopologyComponent, failure: Failure, client: ClientTimings): readonly Term[] {
  if (service.kind === "galera") return writesGoOn(service, failure.kind);
  if (service.kind === "rabbitmq") return queuesGoOn(service, failure.kind, client);
  return service.kind === "memcached" ? clientsLeaveOut(failure, client) : [];
}

/** Until clients are served again when a member comes back as it was. Of the components only Galera stops for that, and only where the member was silent: one that
 *  ended joins anew. */
function returnOf(
  proxy: TopologyComponent | undefined,
  endpoint: Endpoint,
  service: TopologyComponent,
  {kind}: Failure,
  client: ClientTimings,
): Term[] {
  if (service.kind !== "galera" || (kind !== "member silent" && kind !== "host lost")) return [];
  const reached = proxy
    ? [
        ...answererSaysYes(service),
        ...serverIn(proxy, endpoint.name),
        turn("pause before the next attempt", client.retryMs),
      ]
    : [];
  return [...takesBack(service), ...reached];
}

/** Until clients can reach a server again: the address has moved and the server that failed is out, side by side, and they have connected anew. */
function wayOf(
  proxy: TopologyComponent,
  endpoint: Endpoint,
  service: TopologyComponent,
  client: ClientTimings,
  before: Failure | undefined,
  behind: Failure | undefined,
): Wait[] {
  const pause = turn("pause before the next attempt", client.retryMs);
  const attempt = turn("connection attempt under way", client.connectMs);
  const moves = before ? addressMoves(proxy, before) : [];
  const out = behind && usesIt(proxy, endpoint, behind) ? takenOut(proxy, endpoint, service, behind) : undefined;
  const again = before ? [attempt, pause] : [pause];
  const kept = behind ? keptSessions(proxy, endpoint.name, behind.kind, client) : [];
  return [
    ...(before ? [{name: `${proxy.name} moves the address, clients connect`, terms: [...moves, ...again]}] : []),
    ...(out ? [{name: `${proxy.name} takes the server out, clients connect`, terms: [...out, ...kept, ...again]}] : []),
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
function usesIt(proxy: TopologyComponent, endpoint: Endpoint, {role}: Failure): boolean {
  return role !== "reader" || proxy.settings[`${endpoint.name}.mode`] !== "single-writer";
}

function takenOut(proxy: TopologyComponent, endpoint: Endpoint, service: TopologyComponent, failure: Failure): Term[] {
  const said = service.kind === "galera" ? answererSaysNo(service, failure) : [];
  // The answerer lives and says no, as fast as a refusal.
  return [...said, ...serverOut(proxy, endpoint.name, said.length > 0 ? "process killed" : failure.kind)];
}

function someAreLeft({name, kind, members}: TopologyComponent, failure: Failure): void {
  const left = members.length - failure.members;
  const enough = needsMajority(kind) ? left * 2 > members.length : left > 0;
  if (enough) return;
  throw new NoBudget(
    needsMajority(kind)
      ? `${failure.members} of ${members.length} members of ${name} take its quorum with them: nobody serves until they are back.`
      : `No member of ${name} is left: nobody serves until one is back.`,
  );
}
