import {kindOf} from "../../components/kinds.ts";
import type {Failure, FailureKind} from "../../lib/budget/failure.ts";
import {findComponent, type Topology} from "../../lib/topology.ts";
import {inZone} from "../budget/table.ts";
import type {FaultPlan, Where} from "../scenario/scenario.ts";
import {passes} from "./fault.ts";
import {faultOf} from "./registry.ts";

/** What each kind of fault is to those who are left. A kind that is not here has no budget: a slow member is not a lost
 *  one. */
const failureOf: Partial<Record<string, (params: FaultPlan["params"]) => FailureKind | undefined>> = {
  crash: () => "process killed",
  process: ({signal}) => (signal === "STOP" ? "member silent" : "process killed"),
  kill: () => "member killed",
  power: () => "member killed",
  stop: () => "member stopped",
  volume: ({by}) => (by === "stop" ? "member stopped" : "member killed"),
  restart: () => "member stopped",
  pause: () => "member silent",
  // From some alone, or in one direction, it is neither here nor gone.
  partition: ({from = "everyone", direction = "both", shape}) =>
    from === "everyone" && direction === "both" && !shape ? "host lost" : undefined,
};

/** What the fault may be, one case for each place that it may hit. None where its kind has no budget. */
export function failuresOf({kind, where, params}: FaultPlan, topology: Topology): Failure[][] {
  const failure = failureOf[kind]?.(params);
  if (!failure) return [];
  const process = params.process ?? params.name;
  if (besideTheService(process, where, topology)) return [];
  return casesOf(where, failure, topology).map(failures =>
    failures.map(one => ({...one, ...(typeof process === "string" ? {process} : {})})),
  );
}

/** A process that only helps the member: what its end costs is nowhere in the equations. */
function besideTheService(process: unknown, where: Where, topology: Topology): boolean {
  if (process === undefined || process === "main") return false;
  const component = "component" in where ? findComponent(topology, where.component) : undefined;
  if (!component) return true;
  const {daemons} = kindOf(component.kind);
  return daemons !== "every" && !daemons.some(daemon => daemon === process);
}

function casesOf(where: Where, kind: FailureKind, topology: Topology): Failure[][] {
  const every = (name: string): Failure => ({
    component: name,
    kind,
    members: findComponent(topology, name)?.members.length ?? 0,
  });
  if ("all" in where) return [topology.components.map(c => every(c.name))];
  if ("every" in where) return [[every(where.component)]];
  if ("zone" in where) return [inZone(topology, where.zone, kind)];
  if ("zoneOf" in where) return zonesWith(topology, where.zoneOf).map(zone => inZone(topology, zone, kind));
  const role = "pick" in where && where.pick !== "random" ? {role: where.pick} : {};
  return [[{component: where.component, kind, members: 1, ...role}]];
}

/** The zones that have a member of each of these components. */
function zonesWith(topology: Topology, roles: readonly {component: string}[]): string[] {
  const has = (zone: string, name: string) =>
    topology.components.some(c => c.name === name && c.members.some(m => m.zone === zone));
  return topology.zones.filter(zone => roles.every(({component}) => has(zone, component)));
}

/** Another fault that lasts when this one begins, or begins while it lasts. */
export function otherInForce(all: readonly FaultPlan[], index: number): FaultPlan | undefined {
  const self = all[index]!;
  return all.find((other, i) => i !== index && (together(self, other) || together(other, self)));
}

/** Whether `later` begins while `first` lasts. A step after another's healing does, for the member is still on its way
 *  back; one after its recovery does not. */
function together(first: FaultPlan, later: FaultPlan): boolean {
  if (later.after && later.after.fault === first.name) return later.after.is !== "recovered";
  // Times count from the same moment where both wait for the same one, or neither waits.
  if (later.after?.fault !== first.after?.fault || later.after?.is !== first.after?.is) return false;
  const {atMs, forMs, repeat} = first;
  const lasts = passes(faultOf(first.kind), first.params) ? 0 : forMs;
  const end = atMs + (repeat ? repeat.everyMs * (repeat.times - 1) : 0) + lasts;
  return later.atMs >= atMs && later.atMs <= end;
}
