import type {RecoveryMessage} from "./recovery/standing.ts";
import {hearRecovery} from "./recovery/wire.ts";

/** A primary component as a member's daemon knows it. */
export interface View {
  /** `<number>:<the members' group ids, sorted, with commas between>`: the same on every member, and never used
   *  twice. */
  key: string;
  /** Galera's number of it; each primary component has a higher one than the one that it came from. */
  number: number;
  members: ViewMember[];
}

export interface ViewMember {
  name: string;
  /** Its id in the group; another one after each start. */
  id: string;
}

/** A watcher's word that one member of one view is dead. A watcher gives one a view and never takes it back. */
export interface Vote {
  /** Key of the view. */
  view: string;
  /** Group id of the dead. */
  id: string;
  name: string;
}

/** Everything that a watcher tells the others: its whole state each time, so that a lost message costs nothing. */
export interface Message {
  name: string;
  /** Another one after each start of the watcher. */
  boot: string;
  view: View | null;
  /** Its own daemon. `unknown`: it cannot tell (an arbitrator's). */
  daemon: "up" | "down" | "unknown";
  /** Members whose connections closed and who were not seen to listen since. */
  troubled: string[];
  /** Group ids of members of the view that are on its daemon's eviction list. */
  evicting: string[];
  vote: Vote | null;
  /** For each other watcher: the start of it that is heard, and the vote in this watcher's view that was ever heard
   *  from it. */
  heard: Record<string, {boot: string; vote: string | null}>;
  /** Absent where a watcher of before speaks. */
  recovery?: RecoveryMessage;
}

const text = (value: unknown, limit: number): value is string => typeof value === "string" && value.length <= limit;
const texts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 32 && value.every(v => text(v, 64));
const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const keyLimit = 17 * 37;

/** Reads a line that came over the wire; undefined when it is not of this form. */
export function readMessage(line: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!object(value)) return undefined;
  const {name, boot, view, daemon, troubled, evicting, vote, heard} = value;
  const good =
    text(name, 64) &&
    text(boot, 64) &&
    (view === null || isView(view)) &&
    (daemon === "up" || daemon === "down" || daemon === "unknown") &&
    texts(troubled) &&
    texts(evicting) &&
    (vote === null || isVote(vote)) &&
    isHeard(heard);
  if (!good) return undefined;
  const recovery = hearRecovery(value.recovery);
  return {name, boot, view, daemon, troubled, evicting, vote, heard, ...(recovery ? {recovery} : {})} as Message;
}

function isView(value: unknown): value is View {
  return (
    object(value) &&
    text(value.key, keyLimit) &&
    Number.isSafeInteger(value.number) &&
    Array.isArray(value.members) &&
    value.members.length <= 16 &&
    value.members.every(m => object(m) && text(m.name, 64) && text(m.id, 64)) &&
    value.key === viewOf(value.number as number, value.members as ViewMember[]).key
  );
}

const isVote = (value: unknown): value is Vote =>
  object(value) && text(value.view, keyLimit) && text(value.id, 64) && text(value.name, 64);

const isHeard = (value: unknown): value is Message["heard"] =>
  object(value) &&
  Object.values(value).every(h => object(h) && text(h.boot, 64) && (h.vote === null || text(h.vote, 64)));

export function viewOf(number: number, members: ViewMember[]): View {
  const ids = members.map(m => m.id).sort();
  return {key: `${number}:${ids.join(",")}`, number, members};
}
