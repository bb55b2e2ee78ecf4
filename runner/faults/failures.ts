import type {Failure, FailureKind} from "../../lib/budget/failure.ts";
import {inZone} from "../../lib/budget/table.ts";
import type {Topology} from "../../lib/topology.ts";
import type {FaultPlan} from "../scenario/scenario.ts";
import {faults} from "./registry.ts";

/** What each kind of fault is to those who are left. A kind that is not here has no budget: a slow member is not a lost one. */
const failureOf: Partial<Record<string, FailureKind>> = {
  crash: "process killed",
  kill: "member killed",
  stop: "member stopped",
  pause: "member silent",
  partition: "host lost",
};

/** What the fault may be, one case for each place that it may hit. None where its kind has no budget. */
export function failuresOf({kind, where, process}: FaultPlan, topology: Topology): Failure[][] {
  const failure = failureOf[kind];
  if (!failure) return [];
  if ("zone" in where) return [inZone(topology, where.zone, failure)];
  if ("zoneOf" in where) return zonesWith(topology, where.zoneOf).map(zone => inZone(topology, zone, failure));
  const role = "pick" in where && (where.pick === "writer" || where.pick === "reader") ? where.pick : undefined;
  return [
    [{component: where.component, kind: failure, members: 1, ...(process ? {process} : {}), ...(role ? {role} : {})}],
  ];
}

/** The zones that have a member of each of these components. */
function zonesWith(topology: Topology, roles: readonly {component: string}[]): string[] {
  const has = (zone: string, name: string) =>
    topology.components.some(c => c.name === name && c.members.some(m => m.zone === zone));
  return topology.zones.filter(zone => roles.every(({component}) => has(zone, component)));
}

/** Another fault that lasts when this one begins, or begins while it lasts. */
export function otherInForce(all: readonly FaultPlan[], index: number): FaultPlan | undefined {
  const end = ({kind, atMs, forMs}: FaultPlan) => atMs + (faults[kind].passing ? 0 : forMs);
  const self = all[index]!;
  return all.find((other, i) => i !== index && other.atMs <= end(self) && self.atMs <= end(other));
}
