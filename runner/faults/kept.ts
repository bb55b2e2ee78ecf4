import {firstLine} from "../../lib/problems.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import type {Target} from "../targets/target.ts";
import type {NetworkScripts} from "./fault.ts";

/** Time for the words to the platform before and after, on a busy machine. */
const slackMs = 20_000;

/** A fault of the network that was put in, kept and taken out again by the helper beside the member. */
export interface Kept {
  /** When it took effect and when it was undone, by the clock of the engine's machine: Unix milliseconds with
   *  fraction. */
  from: number;
  to: number;
  /** What showed of it just before it was undone. */
  shown: string;
}

/** One command for all of it. Told from here, its end would come when the platform has passed on the word, which took
 *  up to 2 s where many members were busy. */
export async function keepFor(
  target: Target,
  member: TopologyMember,
  scripts: NetworkScripts,
  ms: number,
): Promise<Kept> {
  const {code, stdout, stderr} = await target.inNetwork(member, keepScript(scripts, ms), ms + slackMs);
  const [times, ...shown] = stdout.split("\n");
  const [from, to] = times!.split(" ").map(ns => Number(ns) / 1e6);
  if (code !== 0 || !from || !to)
    throw new Error(
      `${member.name}: its network could not be changed: ${firstLine(stderr.trim() || `exit code ${code}`)}`,
    );
  return {from, to, shown: shown.join("\n").trim()};
}

/** Prints begin and end in nanoseconds, and below what showed at the end. */
export const keepScript = ({apply, provoke, show, undo}: NetworkScripts, ms: number) =>
  [
    `(\n${apply}\n) || exit 1`,
    "from=$(date +%s%N)",
    `(\n${provoke}\n) >/dev/null 2>&1 &`,
    `sleep ${ms / 1000}`,
    `shown=$(\n${show}\n)`,
    `(\n${undo}\n) || exit 1`,
    'echo "$from $(date +%s%N)"',
    'echo "$shown"',
  ].join("\n");

/** When what was kept for all members was in force, by the clock of this machine, and how long. */
export interface KeptTimes {
  ms: number;
  from: number;
  to: number;
}

/** `since`: when the word to begin was given. The clock of another machine may be off: then what this one saw
 *  counts. */
export function timesOf(all: readonly Kept[], since: number): KeptTimes {
  const ms = Math.round(Math.max(...all.map(({from, to}) => to - from)));
  const from = Math.round(Math.min(...all.map(one => one.from)));
  const to = Math.round(Math.max(...all.map(one => one.to)));
  const now = Date.now();
  return from >= since && to <= now ? {ms, from, to} : {ms, from: since, to: now};
}
