import type {Asking} from "../../lib/roles.ts";
import {findComponent} from "../../lib/topology.ts";
import type {Where} from "../scenario/scenario.ts";
import {findRole} from "./find.ts";
import {moveWrites} from "./move-writes.ts";

type Roles = Extract<Where, {zoneOf: unknown}>["zoneOf"];

/** Before the load: brings roles that a fault wants in one zone together, by sending the writes to a member in the zone
 *  of the others. Returns what was moved, for people. What cannot be moved is found out when the fault is due. */
export async function gather(asking: Asking, roles: Roles): Promise<string[]> {
  const fixed = await Promise.all(
    roles.filter(r => r.pick !== "writer").map(r => findRole(asking, r.component, r.pick)),
  );
  const zones = new Set(fixed.map(member => member.zone));
  if (zones.size !== 1) return [];
  const [zone] = zones;
  const moved = await Promise.all(
    roles.filter(r => r.pick === "writer").map(r => moveInto(asking, r.component, zone!)),
  );
  return moved.filter(text => text !== undefined);
}

async function moveInto(asking: Asking, name: string, zone: string): Promise<string | undefined> {
  const now = await findRole(asking, name, "writer");
  const chosen = findComponent(asking.topology, name)!.members.find(member => member.zone === zone);
  if (now.zone === zone || !chosen) return undefined;
  await moveWrites(asking, name, chosen.name);
  return `The writes of ${name} move from ${now.name} to ${chosen.name}, into ${zone}.`;
}
