import {kindOf} from "../../components/kinds.ts";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import type {FaultResult} from "../../lib/result.ts";
import type {Topology} from "../../lib/topology.ts";
import {faultOf} from "../faults/registry.ts";
import {endpointNamed} from "../scenario/endpoint.ts";
import type {Scenario} from "../scenario/scenario.ts";

/** The standstills that an outage of each workload may be laid to. Those of the disk only where whoever answers in the
 *  end waits for the machine's disk: a cache does not, nor a member whose disk is made of memory. Those of the journal
 *  are for the reader alone: no outage was seen to come of one yet. None at all where a fault of the run burdens the
 *  machine itself. */
export function excusesOf(
  standstills: readonly Standstill[] = [],
  {load}: Pick<Scenario, "load">,
  topology: Topology,
  faults: readonly Pick<FaultResult, "fault">[],
): Record<string, readonly Standstill[]> {
  const burdened = faults.some(({fault}) => faultOf(fault).burdensMachine);
  return Object.fromEntries(
    Object.entries(load).map(([name, {endpoint}]) => {
      const of = endpointNamed(topology, endpoint)?.of;
      const disk = topology.components.some(
        c =>
          c.name === of &&
          kindOf(c.kind).durable?.waitsForDisk &&
          c.members.some(m => !m.handle.disk || m.handle.disk.kind === "loop"),
      );
      return [name, burdened ? [] : standstills.filter(({of}) => of === "processor" || (disk && of === "disk"))];
    }),
  );
}
