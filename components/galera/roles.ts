import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import {holdersOf} from "../virtualip/roles.ts";
import type {Asking, Role} from "../../lib/roles.ts";

/** The member of a Galera cluster that takes the writes: the one that the proxy which holds the virtual address sends clients to. Without
 *  a proxy, the one that says so itself. */
export const writer: Role = {
  pick: "writer",
  kinds: ["galera"],
  async find(asking, component) {
    const proxies = proxiesOf(asking.topology, component.name);
    const seen: string[] = [];
    for (const {proxy, frontEnd} of proxies) {
      const {holders, seen: states} = await holdersOf(asking, proxy);
      for (const {member, state} of holders) {
        const name = state.detail[`writer:${frontEnd}`];
        const found = component.members.find(m => m.name === name);
        if (found) return {member: found};
        seen.push(`${member.name} sends ${frontEnd} to ${name ?? "nobody"}`);
      }
      if (holders.length === 0) seen.push(`nobody holds the address of ${proxy.name}: ${states}`);
    }
    return (
      (await bySelf(asking, component)) ?? {
        seen: seen.join("; ") || "no proxy in front of it, and no member says that it takes the writes",
      }
    );
  },
};

async function bySelf(asking: Asking, component: TopologyComponent) {
  const answers = await Promise.all(
    component.members.map(async member => ({member, state: await asking.state({component, member})})),
  );
  const writers = answers.filter(answer => answer.state.roles.includes("writer"));
  return writers.length === 1 ? {member: writers[0]!.member} : undefined;
}

/** Virtual addresses with a front end that leads to the component. */
export function proxiesOf(topology: Topology, component: string) {
  return topology.components
    .filter(proxy => proxy.kind === "virtualip")
    .flatMap(proxy => proxy.endpoints.filter(e => e.of === component).map(e => ({proxy, frontEnd: e.name})));
}
