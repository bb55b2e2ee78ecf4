import {greatest, type Standings} from "./assess.ts";
import type {Held, Recovery, Running} from "./standing.ts";

/** What a watcher knows of a member whose database runs, or may run, when it asks itself whether to end it. */
export interface EndScene {
  me: string;
  mine: Held | Running | null;
  standings: Standings;
  /** Somebody is in a primary component. */
  primary: boolean;
  arbitrators: ReadonlySet<string>;
  /** Of the last primary component that it was in itself. */
  lastMembers: readonly string[];
  /** Recoveries that it is no part of. */
  others: readonly Recovery[];
  /** What its member was told when its process began; undefined where nothing is known. */
  began: "join" | "start" | undefined;
  /** How long it has been in no primary component, milliseconds. */
  outMs: number;
  /** {@link Patience.stuckMs} */
  stuckMs: number;
}

/** Why the member's database is to be ended, so that it waits with the others; undefined where it is not. It is in no
 *  primary component, Galera had time to make one, nobody is in one, and with it those that wait would be more than
 *  half of the last one; or it is alone, and the others may go on without it: what is running when they come back is
 *  merged by Galera, whatever it has, so it is ended before they lose patience ({@link Patience.missingMs}). */
export function whyEnd(scene: EndScene): string | undefined {
  const {mine, standings, began} = scene;
  if (mine?.kind !== "running" || mine.stranded === "no") return undefined;
  // What starts a cluster, or reads its disk first, takes the time that it takes.
  if (!mine.answers && began !== "join") return undefined;
  const passedOver = scene.others.some(r => r.without.includes(scene.me));
  if (mine.answers && passedOver) return "in no primary component, and the cluster was started without it";
  if (mine.stranded === "new" || scene.primary) return undefined;
  const here = Object.entries(standings).filter(
    ([, s]) => s.kind === "held" || s.stranded === "long" || s.stranded === "old",
  );
  const waiting = here.filter(([, s]) => s.kind === "held" && s.cluster !== null && s.home !== "foreign");
  const last = greatest(waiting.flatMap(([, s]) => (s as Held).view));
  const members = last?.members ?? scene.lastMembers;
  const present = members.filter(name => here.some(([n]) => n === name));
  const all = members.filter(name => !scene.arbitrators.has(name));
  const out = `in no primary component for ${Math.round(scene.outMs / 1000)} s`;
  if (mine.stranded === "old" && (all.length === 0 || !all.every(name => standings[name])))
    return `${out}, and not everybody of the last one is heard`;
  if (waiting.length > 0) {
    if (present.length * 2 <= members.length) return undefined;
    return `${out}, and ${waiting.map(([n]) => n).join(", ")} waits`;
  }
  const stuck = all.length > 0 && all.every(name => here.some(([n]) => n === name));
  return stuck && scene.outMs >= scene.stuckMs ? `${out}, with everybody of the last one` : undefined;
}
