import {showMs} from "../../lib/durations.ts";
import {InputError} from "../../lib/problems.ts";
import {Random} from "../../lib/random.ts";
import type {Topology, TopologyComponent, TopologyMember} from "../../lib/topology.ts";
import type {ChaosPlan, FaultPlan, Params, Scenario} from "../scenario/scenario.ts";
import {mayBeDown} from "./blast-radius.ts";
import {faultOf} from "./registry.ts";

/** One thing that can be done at a moment. */
interface Choice {
  kind: string;
  params: Params;
  component: TopologyComponent;
  member: TopologyMember;
}

/** The scenario with its random schedule among its steps; one without a schedule as it is. Throws as {@link schedule}
 *  does. */
export function withSchedule(scenario: Scenario, topology: Topology, seed: number): Scenario {
  const {chaos, faults, durationMs} = scenario;
  if (!chaos) return scenario;
  const planned = schedule(chaos, topology, seed);
  return {...scenario, durationMs: Math.max(durationMs, chaos.forMs), faults: [...faults, ...planned]};
}

/** The random schedule as steps, which the seed and the topology give again and again. At no time are more members of a
 *  component down than its quorum allows, unless the plan says how many. Throws an {@link InputError} where there is a
 *  moment at which nothing can be done. */
export function schedule(chaos: ChaosPlan, topology: Topology, seed: number): FaultPlan[] {
  const random = new Random(seed);
  const plans: FaultPlan[] = [];
  for (let atMs = chaos.everyMs; atMs + chaos.lastsMs <= chaos.forMs; atMs += chaos.everyMs) {
    const down = plans.filter(plan => plan.atMs + plan.forMs > atMs).map(memberOf);
    const choices = choicesAt(chaos, topology, down);
    if (choices.length === 0) throw impossible(chaos, topology, atMs, down);
    const {kind, params, component, member} = pickFairly(choices, random);
    plans.push({
      kind,
      atMs,
      forMs: chaos.lastsMs,
      where: {component: component.name, member: member.name},
      params,
      atMost: limitOf(chaos, component),
    });
  }
  return plans;
}

function choicesAt(chaos: ChaosPlan, topology: Topology, down: readonly string[]): Choice[] {
  return chaos.among.flatMap(({kind, params, component: only}) =>
    topology.components
      .filter(({name}) => (only ?? name) === name && (chaos.components?.includes(name) ?? true))
      .filter(component => component.members.filter(m => down.includes(m.name)).length < limitOf(chaos, component))
      .flatMap(component =>
        component.members
          .filter(member => !down.includes(member.name) && suits(kind, member))
          .map(member => ({kind, params, component, member})),
      ),
  );
}

/** First the fault, then the component, then the member: a component with many members is not hit more often for it. */
function pickFairly(choices: readonly Choice[], random: Random): Choice {
  const by = <T>(left: readonly Choice[], key: (choice: Choice) => T): Choice[] => {
    const chosen = random.pick([...new Set(left.map(key))]);
    return left.filter(choice => key(choice) === chosen);
  };
  const ofKind = by(choices, c => `${c.kind} ${JSON.stringify(c.params)}`);
  return random.pick(by(ofKind, c => c.component.name));
}

function limitOf({down}: ChaosPlan, component: TopologyComponent): number {
  return Math.min(down ?? mayBeDown(component), component.members.length);
}

function suits(kind: string, member: TopologyMember): boolean {
  return faultOf(kind).ofPlatform === false || member.handle.faults.includes(kind);
}

const memberOf = ({where}: FaultPlan): string => ("member" in where ? where.member : "");

function impossible(chaos: ChaosPlan, topology: Topology, atMs: number, down: readonly string[]): InputError {
  const limits = topology.components.map(c => `${c.name} ${limitOf(chaos, c)}`).join(", ");
  const message = `has nothing to do at ${showMs(atMs)}: ${down.length > 0 ? `${down.join(", ")} are down then, and no` : "no"} other member may be. Members that may be down at once: ${limits}. Write a shorter \`lasts\`, a longer \`every\`, other faults, or \`down\`.`;
  return new InputError("scenario", [{path: "chaos", message}]);
}
