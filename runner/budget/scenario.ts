import {type Gap, longestGap} from "../../lib/analysis/outages.ts";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import type {ClientTimings} from "../../lib/budget/failure.ts";
import type {History} from "../../lib/history.ts";
import type {BudgetResult, FaultResult} from "../../lib/result.ts";
import type {Topology} from "../../lib/topology.ts";
import {retryPausesMs} from "../../lib/workload.ts";
import {fillOptions} from "../../workloads/options.ts";
import {findWorkload} from "../../workloads/registry.ts";
import {describeFault} from "../faults/describe.ts";
import {failuresOf, otherInForce} from "../faults/failures.ts";
import {endpointNamed} from "../scenario/endpoint.ts";
import type {LoadPlan, Scenario} from "../scenario/scenario.ts";
import type {Budget} from "./outage.ts";
import {worst} from "./table.ts";

/** What one kind of fault of a scenario may cost one workload. */
export interface PlannedBudget {
  workload: string;
  /** The fault as people say it; faults that are asked for in the same words have the same budget. */
  asked: string;
  budget?: Budget;
  /** Why there is none, in a sentence. */
  because?: string;
}

/** The budget of every fault for every workload whose way it is on. */
export function budgetsOf(scenario: Scenario, topology: Topology): PlannedBudget[] {
  return Object.entries(scenario.load).flatMap(([workload, plan]) => {
    const endpoint = endpointNamed(topology, plan.endpoint);
    if (!endpoint) return [];
    const all = scenario.faults.flatMap((fault, index): PlannedBudget[] => {
      const found = worst({topology, endpoint, client: clientOf(plan)}, failuresOf(fault, topology));
      if (!found) return [];
      const beside = otherInForce(scenario.faults, index);
      const because = beside ? `\`${describeFault(beside)}\` is in force at the same time.` : undefined;
      return [{workload, asked: describeFault(fault), ...(because ? {because} : found)}];
    });
    return [...Map.groupBy(all, one => one.asked).values()].map(same => same.find(one => one.because) ?? same[0]!);
  });
}

/** What a run left behind that outages are measured from. */
interface Left {
  load: Scenario["load"];
  faults: readonly FaultResult[];
  histories: Readonly<Record<string, Pick<History, "operations" | "from" | "to" | "trouble">>>;
  /** The standstills of the machine that an outage of each workload may be laid to. */
  excuses: Readonly<Record<string, readonly Standstill[]>>;
}

/** The budgets beside what was measured from each fault on until the next; without a figure where none was seen to take
 *  effect. Where the return of the member has a budget of its own, outages are cut at the healing, and what lies after
 *  it is held against that. */
export function besideMeasured(planned: readonly PlannedBudget[], left: Left): BudgetResult[] {
  return planned.flatMap(({workload, asked, budget}) => {
    if (!budget) return [];
    const {ms, terms, back} = budget;
    const result = {workload, fault: asked, ms, terms};
    const seen = left.faults.filter(f => f.asked === asked && f.confirmed !== undefined);
    if (seen.length === 0) return [result];
    return seen.flatMap(fault => {
      const time = timeOf(fault, left);
      if (!back || time.healing === undefined) return [{...result, ...measure(result, time, left)}];
      const returned = {workload, fault: `return after ${asked}`, ...back};
      return [
        {...result, ...measure(result, {...time, part: "before healing"}, left)},
        {...returned, ...measure(returned, {...time, part: "since healing"}, left)},
      ];
    });
  });
}

/** When a fault could be felt, Unix milliseconds. */
interface Time {
  injected: number;
  /** When its healing began; absent where the next fault came before. */
  healing?: number;
  /** When the next fault came; Infinity when none did. */
  next: number;
  /** What counts of an outage. Default: all of it. */
  part?: "before healing" | "since healing";
}

function timeOf({injected, healing, healed}: FaultResult, {faults}: Left): Time {
  const later = faults.filter(f => f.confirmed !== undefined && f.injected > injected);
  const next = Math.min(...later.map(f => f.injected));
  const end = healing ?? healed;
  return {injected, next, ...(end !== undefined && end < next ? {healing: end} : {})};
}

function measure(
  {workload, ms}: BudgetResult,
  {injected, healing, next, part}: Time,
  left: Left,
): Pick<BudgetResult, "measured" | "before" | "afterHeal" | "apart"> {
  const history = left.histories[workload];
  // What a client that died did not do says nothing of the stack.
  if (!history?.operations.length || history.trouble) return {};
  const {from, to, operations} = history;
  const facts = left.load[workload]!;
  const first = Math.min(...left.faults.filter(f => f.confirmed !== undefined).map(f => f.injected));
  const earlier = operations.filter(o => o.done < first);
  const longest = (counted: (gap: Gap) => Gap | undefined, standstills?: readonly Standstill[]) =>
    longestGap(operations, {...facts, from, to}, counted, standstills);
  const since = (begin: number) => (gap: Gap) => (gap.to > begin && gap.from < next ? gap : undefined);
  const counted = (gap: Gap) => since(injected)(gap) && partOf(gap, healing, part);
  const measured = longest(counted);
  const apart = measured > ms ? longest(counted, left.excuses[workload]) : measured;
  return {
    measured,
    ...(apart < measured ? {apart} : {}),
    ...(healing !== undefined && !part ? {afterHeal: longest(since(healing))} : {}),
    before: longestGap(earlier, {...facts, from, to: first}, gap => (gap.from < first ? gap : undefined)),
  };
}

/** What of a gap lies on one side of the healing. */
function partOf(gap: Gap, healing = Infinity, part?: Time["part"]): Gap | undefined {
  if (!part) return gap;
  const cut =
    part === "before healing"
      ? {from: gap.from, to: Math.min(gap.to, healing)}
      : {from: Math.max(gap.from, healing), to: gap.to};
  return cut.to > cut.from ? cut : undefined;
}

/** How the clients of a load wait. */
export function clientOf(plan: Omit<LoadPlan, "endpoint">): ClientTimings {
  const workload = findWorkload(plan.workload);
  const options = workload ? fillOptions(workload.options, plan.options).options : {};
  return {
    operationMs: plan.timeoutMs ?? workload?.timeoutMs ?? 0,
    connectMs: Number(options.connectTimeout ?? 0),
    retryMs: Math.max(...retryPausesMs),
    spacingMs: (plan.clients / plan.rate) * 1000,
    ...(plan.via ? {roundTripMs: 2 * (plan.via.latencyMs + plan.via.jitterMs)} : {}),
    ...(options.queue ? {queue: String(options.queue)} : {}),
  };
}
