import {kindOf} from "../components/kinds.ts";
import type {GroupView} from "../lib/kind.ts";
import type {FaultResult} from "../lib/result.ts";
import type {TopologyComponent, TopologyMember} from "../lib/topology.ts";
import type {Target} from "./targets/target.ts";

/** Lines of one member's log that are read, of its whole life: who was in which view before the run is needed too. */
const lines = 200_000;
/** Faults after which a process is in no component, though it could not log that. */
const ending = new Set(["kill", "stop", "volume", "power"]);

/** What is known of a run beside what the members logged. Unix milliseconds. */
export interface Run {
  from: number;
  to: number;
  faults: readonly {result: Pick<FaultResult, "fault" | "members" | "injected">}[];
}

/** How many primary components at most a cluster had at the same time. It goes by the views that its members logged.
 *  Rejects when a log cannot be had. */
export async function primaries(target: Pick<Target, "logs">, component: TopologyComponent, run: Run): Promise<number> {
  const read = async (member: TopologyMember) => {
    const logs = await target.logs(member, {since: 0, until: run.to, lines});
    const views = kindOf(component.kind).witness.views?.(logs.find(log => log.process === "main")?.lines ?? []) ?? [];
    const own = run.faults.filter(({result}) => ending.has(result.fault) && result.members.includes(member.name));
    const ends = own.map(({result}): GroupView => ({at: result.injected, id: "", primary: false}));
    return [...views, ...ends].sort((a, b) => a.at - b.at);
  };
  return mostAtOnce(await Promise.all(component.members.map(read)), run);
}

/** Views of each member in their order, to the most primary components at once: the most views that followed the same
 *  one, at members that went from the one to the other; or the most lines of descent that had a member at the same
 *  moment. A member that was outside meanwhile joins a line that is there, or, where it was told to begin a new
 *  cluster, begins one beside it. */
export function mostAtOnce(members: readonly (readonly GroupView[])[], {from, to}: Pick<Run, "from" | "to">): number {
  const steps = members
    .flatMap(views => views.slice(1).map((view, i) => ({before: views[i]!, view})))
    .filter(({before, view}) => before.primary && view.primary);
  const followers = Map.groupBy(
    steps.filter(({view}) => view.at >= from),
    step => step.before.id,
  );
  const branches = [...followers.values()].map(all => new Set(all.map(step => step.view.id)).size);
  const lineOf = descent(steps.map(({before, view}) => [before.id, view.id]));
  const spans = members
    .flatMap(views => views.map((view, i) => ({...view, line: lineOf(view.id), until: views[i + 1]?.at ?? to})))
    .filter(span => span.primary && span.until > from);
  const atOnce = spans.map(({at}) => {
    const moment = Math.max(at, from);
    return new Set(spans.filter(s => s.at <= moment && moment < s.until).map(s => s.line)).size;
  });
  return Math.max(1, ...branches, ...atOnce);
}

/** Views that follow from each other are of one line; gives the line of a view. */
function descent(pairs: readonly (readonly [string, string])[]): (id: string) => string {
  const parents = new Map<string, string>();
  const top = (id: string): string => {
    const parent = parents.get(id);
    return parent === undefined ? id : top(parent);
  };
  for (const [a, b] of pairs) if (top(a) !== top(b)) parents.set(top(b), top(a));
  return top;
}
