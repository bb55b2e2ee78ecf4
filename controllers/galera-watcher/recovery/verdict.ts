import {type Assessment, assess, type Everybody, type Standings, suffices} from "./assess.ts";
import type {Force, Held, Promised, RecordedView, Recovery} from "./standing.ts";

/** What the watcher of a member that waits knows at one moment: all that its word may depend on. */
export interface Scene {
  me: string;
  /** Its own among them. */
  standings: Standings;
  everybody: Everybody;
  /** Others in a primary component just now, and the history that each is in; null where its watcher does not say. */
  primaries: readonly {name: string; cluster: string | null; knows: boolean}[];
  /** Recoveries that anybody knows of. */
  recoveries: readonly Recovery[];
  /** Ids of those that this member was part of, or joined after. */
  own: ReadonlySet<string>;
  force: Force | null;
  /** It has been safe for long to go on without those that are missing, or nobody is. */
  patient: boolean;
}

/** What a member that waits is told. */
export type Verdict =
  | {do: "join"}
  /** Start the cluster; `without`: last members that were not waited for. */
  | {do: "start"; without: string[]}
  /** Promise to wait for another one. `seen`: the greatest component known, to be kept with the promise. */
  | {do: "promise"; to: Promised; seen: RecordedView}
  /** Take back a promise that is void, under a new ballot. */
  | {do: "withdraw"}
  | {do: "wait"; why: string}
  /** It must not join: its data would be lost. */
  | {do: "fenced"; why: string};

/** Two members must never start the cluster of one history. Who starts it has the promises of members that together
 *  make it safe; any two such sets share a member, a promise is on the disk before it counts, and it is given anew
 *  only once the candidate is known to have stood back or to have been started again, which carries what it did
 *  meanwhile. */
export function verdict(scene: Scene): Verdict {
  const mine = scene.standings[scene.me] as Held;
  if (mine.home === "foreign") return {do: "fenced", why: foreign(mine)};
  const ahead = aheadOf(mine, scene.recoveries, scene.own);
  if (ahead) return {do: "fenced", why: ahead};
  if (scene.primaries.length > 0) return besidePrimary(scene, mine);
  const waiting = waitsFor(scene, mine);
  if (!waiting && mine.home === "ours" && mergesWith(scene)) return {do: "join"};
  const found = assess(scene.standings, scene.everybody, scene.force);
  if (found.cluster !== undefined && mine.cluster !== null && mine.cluster !== found.cluster)
    return {do: "fenced", why: foreign(mine, found.cluster)};
  if (waiting) return {do: "wait", why: waiting};
  if (mine.cluster === null)
    return {do: "wait", why: `has no data and waits for the others: ${found.why || "they start the cluster"}`};
  if (!found.safe) return {do: "wait", why: found.why};
  if (!scene.patient) return {do: "wait", why: `gives ${found.missing.join(" and ")} time to come back`};
  if (found.candidate === scene.me) return candidate(scene, mine, found);
  const best = scene.standings[found.candidate!] as Held;
  if (best.promise) return {do: "wait", why: `waits for ${found.candidate}, which waits for ${best.promise.name}`};
  const to = {name: found.candidate!, ballot: best.ballot};
  return {do: "promise", to, seen: found.view!};
}

function besidePrimary({primaries}: Scene, mine: Held): Verdict {
  if (mine.cluster === null) return {do: "join"};
  if (!primaries.some(p => p.knows))
    return {do: "wait", why: `until the watcher of ${primaries[0]!.name} knows its disk`};
  const other = primaries.find(p => p.cluster !== null && p.cluster !== mine.cluster);
  return other ? {do: "fenced", why: foreign(mine, other.cluster!)} : {do: "join"};
}

/** What a member has that a recovery without it did not know of, in words; undefined where it has nothing of that
 *  kind. */
export function aheadOf(mine: Held, recoveries: readonly Recovery[], own: ReadonlySet<string>): string | undefined {
  const ahead = recoveries.find(r => !own.has(r.id) && r.cluster === mine.cluster && mine.seqno > r.at);
  if (!ahead) return undefined;
  const count = mine.seqno - ahead.at;
  return `its last ${count} transaction${count === 1 ? "" : "s"} (${ahead.at + 1} to ${mine.seqno}) are not in the cluster, which was started without it`;
}

/** A member that is alive and was in a primary component just before: Galera makes one of it and those of its component
 *  that come back. Only who is proven to be of this cluster joins it, for it does not say its history; and nobody whom
 *  a promise binds: Galera's own merge needs the promised one too. */
const mergesWith = ({me, standings}: Scene): boolean =>
  Object.entries(standings).some(
    ([name, one]) =>
      name !== me && one.kind === "running" && one.answers && (one.stranded === "new" || one.stranded === "long"),
  );

function candidate(scene: Scene, mine: Held, found: Assessment): Verdict {
  if (mine.promise) return {do: "withdraw"};
  const {me, standings, everybody, force} = scene;
  const promised = found.group.filter(name => {
    const {promise} = standings[name] as Held;
    return name === me || (promise?.name === me && promise.ballot === mine.ballot);
  });
  const without = [...new Set([...found.missing, ...(force?.without ?? [])])];
  if (suffices(found, promised, standings, everybody, force)) return {do: "start", without};
  const silent = found.group.filter(name => !promised.includes(name));
  return {do: "wait", why: `is to start the cluster, and waits for the promise of ${silent.join(" and ")}`};
}

/** Whom a promise still binds to, as a reason to wait. One that is older than the last component that the member was in
 *  is settled. */
function waitsFor({standings, force}: Scene, {promise, seen, view}: Held): string | undefined {
  if (!promise || force?.without.includes(promise.name)) return undefined;
  if (view && seen && view.seqno > seen.seqno) return undefined;
  const one = standings[promise.name];
  if (!one) return `waits for ${promise.name}, which was to start the cluster and is silent`;
  if (one.kind === "running") return `waits for ${promise.name}, which starts the cluster`;
  // One that is ahead of a recovery is fenced, and starts nothing.
  if (one.ballot !== promise.ballot || one.promise || one.ahead) return undefined;
  return `waits for ${promise.name} to start the cluster`;
}

const foreign = ({cluster}: Held, other?: string): string =>
  `its data is of another cluster (${cluster}${other ? `; the others' is ${other}` : ""})`;
