import {kindOf, kinds} from "../../components/kinds.ts";
import {either, InputError, type Problem} from "../../lib/problems.ts";
import {findComponent, type Topology, type TopologyComponent} from "../../lib/topology.ts";
import {fillOptions} from "../../workloads/options.ts";
import {findWorkload, suits, workloads} from "../../workloads/registry.ts";
import {faultOf} from "../faults/registry.ts";
import {schedule} from "../faults/schedule.ts";
import {frontEndsBefore} from "../front-ends.ts";
import {candidates} from "../roles/find.ts";
import {rolesOf} from "../roles/named.ts";
import {checkOutageBounds} from "./bounds.ts";
import {endpointNamed} from "./endpoint.ts";
import {ScenarioError} from "./error.ts";
import type {ChaosPlan, FaultPlan, LoadPlan, Scenario, Where} from "./scenario.ts";

/** Refuses a scenario that does not fit the stack, with every problem at once. A random schedule is looked at as
 *  `seeds` make it: those that it will be run with, or one of many. */
export function checkScenario(
  scenario: Scenario,
  topology: Topology,
  seeds: readonly number[] = [scenario.seed ?? 1],
): void {
  const problems = [
    ...Object.entries(scenario.load).flatMap(([name, plan]) => checkLoad(`load.${name}`, plan, topology)),
    ...checkAnomalies(scenario),
    ...Object.entries(scenario.writer).flatMap(([name, member]) => checkWriter(name, member, topology)),
    ...scenario.faults.flatMap((fault, i) => checkFault(`faults[${i}]`, fault, topology)),
    ...(scenario.chaos ? checkChaos(scenario.chaos, topology, seeds) : []),
    ...scenario.bounds.stays.flatMap((role, i) =>
      checkRole(`verdict.stays[${i}]`, role.component, role.pick, topology),
    ),
    ...Object.keys(scenario.bounds.holders).flatMap(name => checkHolders(`verdict.holders.${name}`, name, topology)),
    ...scenario.bounds.twoHolders.flatMap((name, i) => checkHolders(`verdict.twoHolders[${i}]`, name, topology)),
    ...Object.keys(scenario.bounds.evictions).flatMap(name =>
      checkWatched(`verdict.evictions.${name}`, name, topology),
    ),
  ];
  if (problems.length === 0) problems.push(...checkOutageBounds(withSchedules(scenario, topology, seeds), topology));
  if (problems.length === 0) return;
  throw new ScenarioError(
    scenario.file,
    problems.map(p => ({...p, line: scenario.line(p.path)})),
  );
}

/** Refuses what needs no stack to be known wrong: workloads, their options, and anomalies that they never find. */
export function checkWorkloads(scenario: Scenario): void {
  const problems = Object.entries(scenario.load).flatMap(([name, plan]) => checkWorkload(`load.${name}`, plan));
  problems.push(...checkAnomalies(scenario));
  if (problems.length === 0) return;
  throw new ScenarioError(
    scenario.file,
    problems.map(p => ({...p, line: scenario.line(p.path)})),
  );
}

function checkAnomalies({load, anomalies}: Scenario): Problem[] {
  return anomalies.flatMap(({workload, anomaly}, i) => {
    const plugin = findWorkload(load[workload]!.workload);
    if (!plugin || plugin.finds.includes(anomaly)) return [];
    const what = plugin.finds.length > 0 ? `It takes ${either(plugin.finds)}` : "It looks for none";
    return [
      {
        path: `known[${i}].anomaly`,
        message: `is ${JSON.stringify(anomaly)}, which no ${plugin.name} finds. ${what}.`,
      },
    ];
  });
}

function checkWorkload(path: string, plan: LoadPlan): Problem[] {
  const workload = findWorkload(plan.workload);
  if (!workload)
    return [
      {
        path: `${path}.workload`,
        message: `is ${JSON.stringify(plan.workload)}. It takes ${either(workloads.map(w => w.name))}.`,
      },
    ];
  return fillOptions(workload.options, plan.options, path).problems;
}

function checkLoad(path: string, plan: LoadPlan, topology: Topology): Problem[] {
  const problems = checkWorkload(path, plan);
  const workload = findWorkload(plan.workload);
  const endpoint = endpointNamed(topology, plan.endpoint);
  const all = topology.components.flatMap(c => c.endpoints);
  if (!endpoint) {
    const known = all.map(e => `${e.name} (${e.protocol})`).join(", ");
    return [
      ...problems,
      {
        path: `${path}.endpoint`,
        message: `is ${JSON.stringify(plan.endpoint)}, which the stack does not have. Endpoints: ${known}.`,
      },
    ];
  }
  if (workload && !suits(workload, endpoint)) {
    const fitting = all.filter(e => suits(workload, e)).map(e => e.name);
    const instead = fitting.length
      ? `Endpoints for ${workload.name}: ${fitting.join(", ")}.`
      : `No endpoint of the stack is for ${workload.name}.`;
    problems.push({
      path: `${path}.endpoint`,
      message: `is ${JSON.stringify(plan.endpoint)}, which speaks ${endpoint.protocol}; ${workload.name} speaks ${either([workload.protocols].flat())}. ${instead}`,
    });
  }
  return problems;
}

function checkFault(path: string, plan: FaultPlan, topology: Topology): Problem[] {
  const fault = faultOf(plan.kind);
  const at = `${path}.${plan.kind}`;
  const problems = checkWhere(at, plan.where, topology);
  if (problems.length > 0) return problems;
  const own = fault.fits?.(topology, plan.params, plan.where) ?? [];
  problems.push(...own.map(({key, message}) => ({path: key ? `${at}.${key}` : at, message})));
  if (fault.ofPlatform === false) return problems;
  const unable = candidates(topology, plan.where).filter(m => !m.handle.faults.includes(plan.kind));
  if (unable.length > 0)
    problems.push({
      path: at,
      message: `cannot be done to ${unable[0]!.name}: its platform does ${unable[0]!.handle.faults.join(", ") || "no faults"}.`,
    });
  return problems;
}

function checkWhere(at: string, where: Where, topology: Topology): Problem[] {
  if ("all" in where) return [];
  if ("zone" in where)
    return topology.zones.includes(where.zone)
      ? []
      : [
          {
            path: `${at}.zone`,
            message: `is ${JSON.stringify(where.zone)}, which the stack does not have. Zones: ${topology.zones.join(", ")}.`,
          },
        ];
  if ("zoneOf" in where)
    return where.zoneOf.flatMap(role => checkRole(`${at}.zone.of`, role.component, role.pick, topology));
  const component = findComponent(topology, where.component);
  if (!component) return [unknownComponent(`${at}.component`, where.component, topology)];
  if ("pick" in where) return checkRole(at, where.component, where.pick, topology);
  return "member" in where ? checkMember(at, component, where.member) : [];
}

/** With the steps of its random schedule, as the first seed makes it, among the others. */
function withSchedules(scenario: Scenario, topology: Topology, seeds: readonly number[]): Scenario {
  const {chaos, faults} = scenario;
  if (!chaos) return scenario;
  return {...scenario, faults: [...faults, ...schedule(chaos, topology, seeds[0]!)]};
}

/** Components that there are, and something to do at every moment. */
function checkChaos(chaos: ChaosPlan, topology: Topology, seeds: readonly number[]): Problem[] {
  const named = [...(chaos.components ?? []), ...chaos.among.flatMap(choice => choice.component ?? [])];
  const unknown = named.filter(name => !findComponent(topology, name));
  if (unknown.length > 0) return unknown.map(name => unknownComponent("chaos", name, topology));
  try {
    for (const seed of seeds) schedule(chaos, topology, seed);
    return [];
  } catch (error) {
    if (error instanceof InputError) return [...error.problems];
    throw error;
  }
}

/** A member that the writes can be moved to. */
function checkWriter(name: string, member: string, topology: Topology): Problem[] {
  const path = `writer.${name}`;
  const component = findComponent(topology, name);
  if (!component) return [unknownComponent(path, name, topology)];
  const [wrong] = checkRole(path, name, "writer", topology);
  if (wrong) return [{path, message: `names ${name} (${component.kind}), which has no writer.`}];
  if (frontEndsBefore(topology, name).length === 0)
    return [{path, message: `names ${name}, and no proxy of the stack sends its writes to one member.`}];
  return checkMember(path, component, member).map(problem => ({...problem, path}));
}

function checkMember(at: string, component: TopologyComponent, member: string): Problem[] {
  if (component.members.some(m => m.name === member)) return [];
  return [
    {
      path: `${at}.member`,
      message: `is ${JSON.stringify(member)}, which ${component.name} does not have. Members: ${component.members.map(m => m.name).join(", ")}.`,
    },
  ];
}

function checkRole(at: string, name: string, pick: string, topology: Topology): Problem[] {
  const component = findComponent(topology, name);
  if (!component) return [unknownComponent(`${at}.component`, name, topology)];
  const has = Object.keys(rolesOf(component.kind));
  if (has.includes(pick)) return [];
  return [
    {
      path: `${at}.pick`,
      message: `is ${JSON.stringify(pick)}, which ${name} (${component.kind}) does not have. It takes ${either(has)}.`,
    },
  ];
}

function checkHolders(path: string, name: string, topology: Topology): Problem[] {
  const component = findComponent(topology, name);
  if (!component) return [unknownComponent(path, name, topology)];
  if (kindOf(component.kind).witness.address) return [];
  return [
    {path, message: `names ${name}, which is ${component.kind}. It takes components that hold a virtual address.`},
  ];
}

function checkWatched(path: string, name: string, topology: Topology): Problem[] {
  const component = findComponent(topology, name);
  if (!component) return [unknownComponent(path, name, topology)];
  if (kindOf(component.kind).witness.evictions?.inForce(component)) return [];
  const where = kinds.flatMap(kind => kind.witness.evictions?.where ?? []).join(" or ");
  return [{path, message: `names ${name}, in which nobody evicts. It takes ${where}.`}];
}

function unknownComponent(path: string, name: string, topology: Topology): Problem {
  return {
    path,
    message: `is ${JSON.stringify(name)}, which the stack does not have. Components: ${topology.components.map(c => c.name).join(", ")}.`,
  };
}
