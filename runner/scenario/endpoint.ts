import {type Endpoint, endpointsOf, type Topology} from "../../lib/topology.ts";

/** The endpoint of that name, or the only one that leads to the component of that name. */
export function endpointNamed(topology: Topology, name: string): Endpoint | undefined {
  const all = topology.components.flatMap(c => c.endpoints);
  const led = endpointsOf(topology, name);
  return all.find(e => e.name === name) ?? (led.length === 1 ? led[0] : undefined);
}
