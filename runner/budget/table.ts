import {type ClientTimings, type Failure, type FailureKind, failureKinds} from "../../lib/budget/failure.ts";
import {NoBudget} from "../../lib/budget/terms.ts";
import type {Endpoint, Topology, TopologyComponent} from "../../lib/topology.ts";
import {type Budget, outageOf} from "./outage.ts";

/** One line of the table: what a failure of a component, or of a whole zone, costs the clients of an endpoint. */
export interface Row {
  /** Name of the component, or `zone`. */
  component: string;
  kind: FailureKind;
  endpoint: string;
  budget?: Budget;
  /** Why there is none. */
  because?: string;
}

/** What each component and each zone costs each endpoint that depends on it. `clientOf` says how clients of an endpoint
 *  wait. */
export function budgetTable(
  topology: Topology,
  clientOf: (endpoint: Endpoint) => ClientTimings,
  machineMs?: number,
): Row[] {
  const endpoints = topology.components.flatMap(c => c.endpoints);
  const rows = (name: string, failures: (kind: FailureKind) => Failure[][]) =>
    failureKinds.flatMap(kind =>
      endpoints.flatMap(endpoint => {
        const row = worst({topology, endpoint, client: clientOf(endpoint), machineMs}, failures(kind));
        return row ? [{component: name, kind, endpoint: endpoint.name, ...row}] : [];
      }),
    );
  return [
    ...topology.components.flatMap(({name}) => rows(name, kind => [[{component: name, kind, members: 1}]])),
    ...rows("zone", kind => topology.zones.map(zone => inZone(topology, zone, kind))),
  ];
}

/** Everything in the zone fails in the same way at the same time. */
export function inZone(topology: Topology, zone: string, kind: FailureKind): Failure[] {
  const count = (c: TopologyComponent) => c.members.filter(m => m.zone === zone).length;
  return topology.components.filter(c => count(c) > 0).map(c => ({component: c.name, kind, members: count(c)}));
}

/** The largest budget of several cases; that none can be computed for one of them outweighs all. */
export function worst(
  question: Omit<Parameters<typeof outageOf>[0], "failures">,
  cases: readonly (readonly Failure[])[],
): Pick<Row, "budget" | "because"> | undefined {
  try {
    const budgets = cases.flatMap(failures => outageOf({...question, failures}) ?? []);
    const budget = largest(budgets);
    const back = largest(budgets.flatMap(one => one.back ?? []));
    return budget && {budget: {...budget, ...(back ? {back} : {})}};
  } catch (error) {
    if (!(error instanceof NoBudget)) throw error;
    return {because: error.message};
  }
}

/** Of equal ones the first. */
function largest<Sum extends {ms: number}>(sums: readonly Sum[]): Sum | undefined {
  return sums.reduce<Sum | undefined>((most, one) => (most && most.ms >= one.ms ? most : one), undefined);
}
