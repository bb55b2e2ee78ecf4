import {kindOf} from "../components/kinds.ts";
import type {FrontEndBefore, ProxyMember} from "../lib/proxies.ts";
import type {Topology} from "../lib/topology.ts";

/** Every front end of a proxy that leads to the component. */
export function frontEndsBefore(topology: Topology, component: string): FrontEndBefore[] {
  return topology.components.flatMap(proxy => {
    const is = kindOf(proxy.kind).proxying;
    const own = proxy.endpoints.filter(e => e.of === component);
    return is ? own.map(({name}) => ({proxy, frontEnd: name, is})) : [];
  });
}

/** Every member of every proxy before the component. */
export function proxiesBefore(topology: Topology, component: string): ProxyMember[] {
  const byProxy = Map.groupBy(frontEndsBefore(topology, component), one => one.proxy);
  return [...byProxy].flatMap(([proxy, all]) =>
    proxy.members.map(member => ({member, frontEnds: all.map(one => one.frontEnd), is: all[0]!.is})),
  );
}
