import {kindOf} from "../components/kinds.ts";
import {newSeed, Random} from "../lib/random.ts";
import type {RoleAsking} from "../lib/roles.ts";
import type {Topology, TopologyComponent} from "../lib/topology.ts";
import {frontEndsBefore} from "../runner/front-ends.ts";
import {askHealth, askState, membersOf} from "../runner/members.ts";
import type {Target} from "../runner/targets/target.ts";

/** One member as `status` shows it. */
export interface StatusRow {
  component: string;
  member: string;
  zone: string;
  healthy: boolean;
  state: string;
  /** `writer`, `holder`, `leader:3`. */
  roles: string[];
  /** Unix milliseconds since when it runs, or is down, as its platform says; absent when it is gone. */
  since?: number;
  detail: Record<string, string | number | boolean>;
}

/** How a stack stands. */
export interface StackStatus {
  stack: string;
  healthy: boolean;
  /** What must not be, in sentences: two members hold one address. */
  alarms: string[];
  members: StatusRow[];
}

/** Asks every member at the same time. */
export async function statusOf(target: Target, topology: Topology): Promise<StackStatus> {
  const rows = await Promise.all(
    membersOf(topology).map(async (placed): Promise<StatusRow> => {
      const [state, looks] = await Promise.all([askHealth(target, placed), target.look(placed.member).catch(() => [])]);
      const {component, member} = placed;
      return {
        component: component.name,
        member: member.name,
        zone: member.zone,
        ...state,
        ...(looks[0] ? {since: looks[0].since} : {}),
      };
    }),
  );
  await Promise.all(topology.components.map(component => markTold(target, topology, component, rows)));
  const alarms = topology.components.flatMap(component => alarmsOf(component, rows));
  return {stack: topology.stack, healthy: alarms.length === 0 && rows.every(row => row.healthy), alarms, members: rows};
}

/** Roles that members do not say themselves. The others have been asked already: their answers say who has them. */
async function markTold(
  target: Target,
  topology: Topology,
  component: TopologyComponent,
  rows: StatusRow[],
): Promise<void> {
  const asking: RoleAsking = {
    topology,
    random: new Random(newSeed()),
    state: async placed => {
      const row = rows.find(r => r.member === placed.member.name);
      return row ?? askState(target, placed);
    },
    ask: async () => undefined,
    queues: () => [],
    frontEnds: frontEndsBefore(topology, component.name),
  };
  const told = Object.entries(kindOf(component.kind).roles).filter(([, role]) => role.toldByOthers);
  for (const [name, role] of told) {
    const found = await role.find(asking, component);
    const row = "member" in found ? rows.find(r => r.member === found.member.name) : undefined;
    if (row && !row.roles.includes(name)) row.roles.push(name);
  }
}

function alarmsOf(component: TopologyComponent, rows: readonly StatusRow[]): string[] {
  const states = rows.map(row => ({member: row.member, state: row}));
  return kindOf(component.kind).agreement?.alarms(component, states) ?? [];
}
