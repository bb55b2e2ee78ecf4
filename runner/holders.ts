import {kindOf} from "../components/kinds.ts";
import type {Witness} from "../lib/kind.ts";
import type {FaultResult} from "../lib/result.ts";
import type {TopologyComponent, TopologyMember} from "../lib/topology.ts";
import type {ProcessLog, Target} from "./targets/target.ts";

/** From and to, Unix milliseconds. */
interface Span {
  from: number;
  to: number;
}

/** What is known of a run beside what the members say. */
export interface Watched {
  span: Span;
  /** Members that held the address at its beginning. */
  first: ReadonlySet<string>;
  faults: readonly {result: Pick<FaultResult, "fault" | "members" | "injected" | "healing">}[];
}

/** Lines of one member's log that are read: a holder says a few a second. */
const lines = 50_000;

/** Longest time that two members of the component held its address, in milliseconds; undefined where nobody did. It
 *  goes by what each member logged when, because a look now and then misses what is shorter than the time between two.
 *  A member that is frozen or killed answers nobody, so it holds nothing meanwhile. Rejects when a log cannot be
 *  had. */
export async function twoHolders(
  target: Pick<Target, "logs">,
  component: TopologyComponent,
  watched: Watched,
): Promise<number | undefined> {
  const {from, to} = watched.span;
  const {address} = kindOf(component.kind).witness;
  if (!address) return undefined;
  const read = async (member: TopologyMember) => {
    const logs = await target.logs(member, {since: from, until: to, lines});
    return holdings(member.name, logs, watched, address.says);
  };
  const spans = await Promise.all(component.members.map(read));
  if (spans.flat().length === 0) return undefined;
  const pairs = spans.flatMap((mine, i) =>
    spans.slice(i + 1).flatMap(theirs => mine.flatMap(a => theirs.map(b => [a, b] as const))),
  );
  return Math.max(0, ...pairs.map(([a, b]) => Math.min(a.to, b.to) - Math.max(a.from, b.from)));
}

/** When the member held the address. `says`: what a line of its logs says of that. */
export function holdings(
  member: string,
  logs: readonly ProcessLog[],
  {span, first, faults}: Watched,
  says: NonNullable<Witness["address"]>["says"],
): Span[] {
  const own = faults.filter(fault => fault.result.members.includes(member));
  const moves = logs
    .flatMap(log => log.lines)
    .flatMap(({at, text}) => {
      const holds = says(text);
      return at === undefined || holds === undefined ? [] : [{at, holds}];
    });
  const killed = own.filter(f => f.result.fault === "kill").map(f => ({at: f.result.injected, holds: false}));
  const spans: Span[] = [];
  let since = first.has(member) ? span.from : undefined;
  for (const {at, holds} of [...moves, ...killed].sort((a, b) => a.at - b.at)) {
    if (!holds && since !== undefined) spans.push({from: since, to: at});
    since = holds ? (since ?? at) : undefined;
  }
  if (since !== undefined) spans.push({from: since, to: span.to});
  const frozen = own
    .filter(f => f.result.fault === "pause")
    .map(f => ({from: f.result.injected, to: f.result.healing ?? span.to}));
  return frozen.reduce(without, spans);
}

function without(spans: Span[], gap: Span): Span[] {
  return spans
    .flatMap(({from, to}) => [
      {from, to: Math.min(to, gap.from)},
      {from: Math.max(from, gap.to), to},
    ])
    .filter(({from, to}) => to > from);
}
