import type {FaultResult, Result} from "../lib/result.ts";
import type {Topology} from "../lib/topology.ts";
import {change} from "./faults/change.ts";
import {membersOf} from "./members.ts";
import type {ProcessLook, Target} from "./targets/target.ts";

/** How the processes of each member stood at one moment, by its name; undefined where it could not be looked at. */
export type Processes = ReadonlyMap<string, readonly ProcessLook[] | undefined>;

/** Looks at every process of the stack from outside. */
export async function lookAtProcesses(target: Target, topology: Topology): Promise<Processes> {
  const looks = membersOf(topology).map(
    async ({member}) => [member.name, await target.look(member).catch(() => undefined)] as const,
  );
  return new Map(await Promise.all(looks));
}

/** Processes that ended between two looks, started again or not, of members that no fault hit: a companion that dies
 *  and is back at once costs nobody anything, and would never be noticed. `undefined` where the stack itself was
 *  changed, which starts members anew as it must, and where one of them could not be looked at. */
export function restartsBetween(
  before: Processes,
  after: Processes,
  faults: readonly Pick<FaultResult, "fault" | "members">[],
): Result["restarts"] {
  if (faults.some(({fault}) => fault === change.kind)) return undefined;
  const hit = new Set(faults.flatMap(({members}) => members));
  const others = [...before.keys()].filter(member => !hit.has(member));
  if (!others.every(member => before.get(member) && after.get(member))) return undefined;
  return others.flatMap(member => {
    const now = new Map(after.get(member)!.map(look => [look.process, look.incarnation]));
    return before
      .get(member)!
      .filter(({process, incarnation}) => now.has(process) && now.get(process) !== incarnation)
      .map(({process}) => ({member, process}));
  });
}
