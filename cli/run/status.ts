import {disagreement} from "../../components/galera/agreement.ts";
import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import {askHealth, askState, membersOf} from "../../runner/members.ts";
import {newSeed, Random} from "../../runner/random.ts";
import type {Asking} from "../../lib/roles.ts";
import {writer} from "../../components/galera/roles.ts";
import type {Target} from "../../runner/targets/target.ts";

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
  await Promise.all(
    topology.components.filter(c => c.kind === "galera").map(c => markWriter(target, topology, c, rows)),
  );
  const alarms = topology.components.flatMap(component => alarmsOf(component, rows));
  return {stack: topology.stack, healthy: alarms.length === 0 && rows.every(row => row.healthy), alarms, members: rows};
}

/** The proxies have been asked already: their answers say who takes the writes. */
async function markWriter(
  target: Target,
  topology: Topology,
  component: TopologyComponent,
  rows: StatusRow[],
): Promise<void> {
  const asking: Asking = {
    topology,
    random: new Random(newSeed()),
    state: async placed => {
      const row = rows.find(r => r.member === placed.member.name);
      return row ?? askState(target, placed);
    },
    ask: async () => undefined,
    queues: () => [],
  };
  const found = await writer.find(asking, component);
  if (!("member" in found)) return;
  const row = rows.find(r => r.member === found.member.name);
  if (row && !row.roles.includes("writer")) row.roles.push("writer");
}

function alarmsOf(component: TopologyComponent, rows: readonly StatusRow[]): string[] {
  const own = rows.filter(row => row.component === component.name);
  const split = disagreement(
    component,
    own.map(row => ({member: row.member, state: row})),
  );
  if (split) return [split];
  if (component.kind !== "virtualip") return [];
  const holders = own.filter(row => row.detail.holds === true).map(row => row.member);
  if (holders.length > 1) return [`${component.name}: ${holders.join(" and ")} hold the address at the same time.`];
  return holders.length === 0 && own.length > 0 ? [`${component.name}: nobody holds the address.`] : [];
}
