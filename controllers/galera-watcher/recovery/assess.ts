import type {Force, Held, RecordedView, Standing} from "./standing.ts";

/** Everybody who was heard just now, by name. */
export type Standings = Readonly<Record<string, Standing>>;

/** Who there is, whoever is heard. */
export interface Everybody {
  /** They have a vote and no data. */
  arbitrators: ReadonlySet<string>;
  /** All members that hold data, as far as is known. */
  holders: readonly string[];
}

/** How a cluster that runs nowhere stands, as one of its members sees it. */
export interface Assessment {
  /** The history that goes on; undefined where it is not known which. */
  cluster: string | undefined;
  /** The greatest component that anybody who waits knows of. */
  view: RecordedView | undefined;
  /** Members that wait with data of this history. */
  group: string[];
  /** Members of that component which are not there with their data, and may have gone on without the others or know who
   *  did. */
  missing: string[];
  /** No other primary component can exist or have gone on. */
  safe: boolean;
  /** Who has the most data. */
  candidate: string | undefined;
  /** Why it is not safe. */
  why: string;
  /** Nothing proves that the data is this cluster's. */
  unproven?: true;
}

/** Who could start the cluster, and whether that is safe. */
export function assess(standings: Standings, everybody: Everybody, force: Force | null): Assessment {
  const without = new Set(force?.without ?? []);
  const held = Object.entries(standings)
    .filter((entry): entry is [string, Held] => entry[1].kind === "held" && !entry[1].ahead && !without.has(entry[0]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const {cluster, ...doubt} = historyOf(held, force !== null);
  if (cluster === undefined) return {...nothing(""), ...doubt};
  const group = held.filter(([, h]) => h.cluster === cluster && h.home !== "foreign");
  const view = greatest(group.flatMap(([, h]) => [h.view, h.seen]));
  if (!view) return {...nothing("no member remembers a primary component"), cluster, group: group.map(([n]) => n)};
  const most = Math.max(...group.flatMap(([, h]) => (h.view ? h.seqno : [])));
  const unread = group.filter(([, h]) => h.view === null && h.seqno > most);
  if (unread.length > 0) {
    const names = unread.map(([name]) => name).join(" and ");
    const why = `${names} has more transactions than the others and does not say which component it was in`;
    return {...nothing(why), cluster, view, group: group.map(([name]) => name)};
  }
  const {missing, safe} = safety(view, group, excusedBy(standings, everybody, without));
  const [candidate] = [...group].filter(([, h]) => h.seqno >= 0).sort(([, a], [, b]) => later(b, a));
  return {
    cluster,
    view,
    group: group.map(([name]) => name),
    missing,
    safe: safe && candidate !== undefined,
    candidate: candidate?.[0],
    why: safe ? "" : `waits for ${missing.join(" and ")}: ${whyWait(view, missing)}`,
  };
}

/** Whether those of a group that are named alone make it safe to start, given the greatest component that is known. */
export function suffices(
  {view, group}: Pick<Assessment, "view" | "group">,
  named: readonly string[],
  standings: Standings,
  everybody: Everybody,
  force: Force | null,
): boolean {
  const some = group
    .filter(name => named.includes(name))
    .map((name): [string, Held] => [name, standings[name] as Held]);
  const without = new Set(force?.without ?? []);
  return view !== undefined && safety(view, some, excusedBy(standings, everybody, without)).safe;
}

/** Who has a vote and no data: arbitrators, and who had not yet received all. They have nothing that is to be waited
 *  for; with one that has data they may have gone on. */
function dataless(standings: Standings, {arbitrators}: Everybody): ReadonlySet<string> {
  const receiving = Object.entries(standings).filter(([, s]) => s.kind === "held" && s.receiving === true);
  return new Set([...arbitrators, ...receiving.map(([name]) => name)]);
}

/** Whom a start need not wait for. */
interface Excused extends Everybody {
  dataless: ReadonlySet<string>;
  /** They are there and fenced, so they were in no component of this history that anybody here does not know. */
  outside: ReadonlySet<string>;
  without: ReadonlySet<string>;
}

function excusedBy(standings: Standings, everybody: Everybody, without: ReadonlySet<string>): Excused {
  const fenced = Object.entries(standings).filter(([, s]) => s.kind === "held" && (s.ahead || s.home === "foreign"));
  return {
    ...everybody,
    dataless: dataless(standings, everybody),
    outside: new Set(fenced.map(([name]) => name)),
    without,
  };
}

/** A later component than the last one known would have to be made by Galera's rule of quorum: twice its members, and
 *  those that left or were evicted  counted once, are more than the members of the one before (`have_quorum` in
 *  gcomm/src/pc_proto.cpp). Those that crashed in it and are here know  of no later one, so it would be made of the
 *  missing, and of those here that were in a later one than they can name. The watchers evict one at most. With u
 *  missing, b here that were beyond it, l here that left in good order, and s here that crashed in it, that is 2(u + b)
 *  + l + 1 > u + b + l + s; so  u + b + 1 <= s rules it out. Without u and b nobody is left to make it. Where it is not
 *  ruled out, it may have gone on with members that joined it later: then  all that hold data have to be here. Whoever
 *  acknowledged anything in a component has recorded it before. */
function safety(
  view: RecordedView,
  group: readonly [string, Held][],
  {holders, dataless, outside, without}: Excused,
): {missing: string[]; safe: boolean} {
  const here = new Map(group);
  const lacks = (name: string) => !here.has(name) && !without.has(name);
  const gone = view.members.filter(lacks);
  const beyond = view.members.filter(name => here.get(name)?.beyond === true);
  const stayed = view.members.filter(name => {
    const one = here.get(name);
    return one?.crashed === true && one.view?.seqno === view.seqno;
  });
  const withData = (name: string) => !dataless.has(name);
  const named = gone.filter(withData);
  if (gone.length + beyond.length + 1 <= stayed.length) return {missing: named, safe: true};
  if (beyond.length === 0) return {missing: named, safe: named.length === 0};
  const others = holders.filter(name => lacks(name) && withData(name) && !outside.has(name));
  const missing = [...new Set([...named, ...others])];
  return {missing, safe: missing.length === 0};
}

/** Why those are waited for. */
function whyWait(view: RecordedView, missing: readonly string[]): string {
  const last = `the last component (${view.members.join(", ")})`;
  return missing.every(name => view.members.includes(name))
    ? `of ${last}, and may have gone on alone`
    : `${last} was not the last, and who was in the one after it is not known`;
}

/** The history that goes on: the one that the cluster's key proves to be its own. */
function historyOf(held: readonly [string, Held][], forced: boolean): Pick<Assessment, "cluster" | "why" | "unproven"> {
  const own = held.filter(([, h]) => h.cluster !== null && h.home !== "foreign");
  const proven = own.filter(([, h]) => h.home === "ours");
  const histories = [...new Set((proven.length > 0 ? proven : own).map(([, h]) => h.cluster!))];
  if (histories.length === 0) return {cluster: undefined, why: "no member with data is there"};
  if (histories.length > 1) {
    const each = histories.map(one => `${own.flatMap(([n, h]) => (h.cluster === one ? [n] : [])).join(", ")}: ${one}`);
    return {cluster: undefined, why: `members hold data of different clusters (${each.join("; ")})`};
  }
  if (proven.length === 0 && !forced) {
    const why = `nothing proves that the data of ${own.map(([n]) => n).join(", ")} is this cluster's`;
    return {cluster: undefined, why, unproven: true};
  }
  return {cluster: histories[0], why: ""};
}

/** Who was in the later component has all that was before it. A higher number alone can be of a branch that was not
 *  gone on with. */
const later = (a: Held, b: Held): number => (a.view?.seqno ?? -1) - (b.view?.seqno ?? -1) || a.seqno - b.seqno;

/** The later of components of one history. */
export function greatest(views: readonly (RecordedView | null)[]): RecordedView | undefined {
  return views.filter(v => v !== null).sort((a, b) => b.seqno - a.seqno)[0];
}

const nothing = (why: string): Assessment => ({
  cluster: undefined,
  view: undefined,
  group: [],
  missing: [],
  safe: false,
  candidate: undefined,
  why,
});
