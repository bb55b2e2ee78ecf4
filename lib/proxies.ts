import type {StateQuestion} from "./state/state.ts";
import type {Topology, TopologyMember} from "./topology.ts";
import type {Target} from "../runner/targets/target.ts";

const askMs = 5000;

/** One member of a virtual IP with the front ends that lead to a component. Plain data: the journal keeps it. */
export interface ProxyMember {
  member: TopologyMember;
  frontEnds: string[];
}

/** Every proxy in front of the component. */
export function proxiesBefore(topology: Topology, component: string): ProxyMember[] {
  return topology.components
    .filter(proxy => proxy.kind === "virtualip")
    .flatMap(proxy => {
      const frontEnds = proxy.endpoints.filter(e => e.of === component).map(e => e.name);
      return frontEnds.length === 0 ? [] : proxy.members.map(member => ({member, frontEnds}));
    });
}

/** Asks every front end of every proxy; what cannot be asked (its member is down) is left out. */
export async function eachFrontEnd<S>(
  target: Target,
  proxies: readonly ProxyMember[],
  question: (frontEnd: string) => StateQuestion<S>,
): Promise<{proxy: TopologyMember; frontEnd: string; answer: S}[]> {
  const asked = proxies.flatMap(({member, frontEnds}) =>
    frontEnds.map(async frontEnd => {
      const {command, parse} = question(frontEnd);
      const output = await target.exec(member, command, askMs).catch(() => undefined);
      return output ? [{proxy: member, frontEnd, answer: parse(output)}] : [];
    }),
  );
  return (await Promise.all(asked)).flat();
}
