import {LimitError, until} from "../../lib/limit.ts";
import type {Asking} from "../../lib/roles.ts";
import {findComponent, type Placed, type Topology, type TopologyMember} from "../../lib/topology.ts";
import {frontEndsBefore} from "../front-ends.ts";
import {membersOf} from "../members.ts";
import type {Where} from "../scenario/scenario.ts";
import {rolesOf} from "./named.ts";

/** How long nobody may have a role (an address moves meanwhile) before it counts as not to be found. */
const findLimitMs = 10_000;

/** The members that a fault hits now. Throws a {@link LimitError} with what was seen when a role cannot be found. */
export async function findVictims(asking: Asking, where: Where, limitMs = findLimitMs): Promise<Placed[]> {
  if ("all" in where) return membersOf(asking.topology);
  if ("zone" in where) return inZone(asking.topology, where.zone);
  if ("zoneOf" in where) {
    const members = await Promise.all(
      where.zoneOf.map(({component, pick}) => findRole(asking, component, pick, limitMs)),
    );
    const zones = [...new Set(members.map(m => m.zone))];
    if (zones.length > 1)
      throw new LimitError(
        `They are in different zones: ${where.zoneOf.map((w, i) => `${w.component} ${w.pick} ${members[i]!.name} in ${members[i]!.zone}`).join(", ")}.`,
      );
    return inZone(asking.topology, zones[0]!);
  }
  const component = findComponent(asking.topology, where.component)!;
  if ("every" in where) return component.members.map(member => ({component, member}));
  if ("member" in where) return [{component, member: component.members.find(m => m.name === where.member)!}];
  return [{component, member: await findRole(asking, where.component, where.pick, limitMs)}];
}

/** Everyone that it could hit, whoever has a role then. */
export function candidates(topology: Topology, where: Where): TopologyMember[] {
  if ("all" in where || "zoneOf" in where) return membersOf(topology).map(placed => placed.member);
  if ("zone" in where) return inZone(topology, where.zone).map(placed => placed.member);
  const members = findComponent(topology, where.component)?.members ?? [];
  return "member" in where ? members.filter(member => member.name === where.member) : members;
}

function inZone(topology: Topology, zone: string): Placed[] {
  return membersOf(topology).filter(({member}) => member.zone === zone);
}

/** Who has the role; waits while nobody has it. */
export function findRole(asking: Asking, name: string, pick: string, limitMs = findLimitMs): Promise<TopologyMember> {
  const component = findComponent(asking.topology, name)!;
  const role = rolesOf(component.kind)[pick]!;
  const known = {...asking, frontEnds: frontEndsBefore(asking.topology, name)};
  return until(`The ${pick} of ${name}`, {limitMs, everyMs: 300}, async () => {
    const found = await role.find(known, component);
    return "member" in found ? {done: found.member} : found;
  });
}
