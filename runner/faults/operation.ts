import {kindOf, kinds} from "../../components/kinds.ts";
import type {Operation, Work} from "../../lib/operation.ts";
import type {Proxying, ProxyMember} from "../../lib/proxies.ts";
import {findComponent, type Topology, type TopologyMember} from "../../lib/topology.ts";
import {proxiesBefore} from "../front-ends.ts";
import {positiveDuration} from "../scenario/values.ts";
import type {Fault, Hit} from "./fault.ts";

/** What the plan adds to the parameters. The journal keeps it, so all of it is plain data. */
interface Planned {
  /** The kind of the member, whose operation it is. Absent in journals of earlier versions. */
  kind?: string;
  others: TopologyMember[];
  proxies?: {member: TopologyMember; frontEnds: string[]; kind?: string}[];
}

function faultFor(name: string): Fault {
  const {does, options, passing} = operationOf({params: {}}, name);
  return {
    kind: name,
    does,
    keys: Object.fromEntries(
      Object.entries(options).map(([key, {defaultMs, text}]) => [
        key,
        positiveDuration.default(defaultMs).describe(text),
      ]),
    ),
    passing,
    ofPlatform: false,
    injectMs: params => Math.max(...all(name).map(operation => operation.limitMs(params))),
    fits: (topology, _, where) => misfits(topology, "component" in where ? where.component : undefined, name),
    plan: (members, {topology, params}) =>
      members.map(({component, member}) => ({
        member,
        params: {
          ...params,
          kind: component.kind,
          proxies: proxiesBefore(topology, component.name).map(asData),
          others: component.members.filter(other => other.name !== member.name),
        },
      })),
    inject: (target, victim) => operationOf(victim, name).run(target, workOf(victim)),
    evidence: (target, victim) => operationOf(victim, name).evidence(target, workOf(victim)),
    heal: (target, hit) => operationOf(hit, name).end(target, workOf(hit)),
  };
}

/** That operation of every kind that has it. */
function all(name: string): Operation[] {
  return kinds.flatMap(kind => kind.operations.filter(one => one.name === name));
}

/** The operation of the member's kind. */
function operationOf({params}: Pick<Hit, "params">, name: string): Operation {
  const {kind} = params as Partial<Planned>;
  const own = kind === undefined ? undefined : kindOf(kind).operations.find(one => one.name === name);
  return own ?? all(name)[0]!;
}

/** What keeps the operation from components that it would be done to; `named`: the one, where it is for one alone. */
function misfits(topology: Topology, named: string | undefined, name: string) {
  const component = named === undefined ? undefined : findComponent(topology, named);
  const [any] = all(name);
  const wrong = (message: string | undefined) => (message === undefined ? [] : [{key: "component", message}]);
  if (!component) {
    const everywhere = topology.components.every(({kind}) => kindOf(kind).operations.some(one => one.name === name));
    return wrong(any!.takes === "anything" && everywhere ? undefined : any!.elsewhere);
  }
  const own = kindOf(component.kind).operations.find(one => one.name === name);
  return wrong(own ? own.refuses?.(component) : any!.elsewhere);
}

function asData({member, frontEnds, is}: ProxyMember) {
  return {member, frontEnds, kind: kinds.find(kind => kind.proxying === is)!.name};
}

function workOf({member, params}: Hit): Work {
  const {others, proxies = []} = params as unknown as Planned;
  const known = proxies.map(proxy => ({...proxy, is: proxyingOf(proxy.kind)}));
  return {member, others, proxies: known, options: params};
}

/** Journals of earlier versions do not say the kind of a proxy, of which there was one. */
function proxyingOf(kind: string | undefined): Proxying {
  return (kind === undefined ? undefined : kindOf(kind).proxying) ?? kinds.flatMap(one => one.proxying ?? [])[0]!;
}

/** Planned work as steps of scenarios: one for each operation that any kind has. What is done to a member, what shows
 *  it and how it is taken up again is its own kind's. */
export const operationFaults: readonly Fault[] = [...new Set(kinds.flatMap(k => k.operations.map(o => o.name)))].map(
  faultFor,
);
