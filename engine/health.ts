import {setTimeout as sleep} from "node:timers/promises";
import type {StackStatus, StatusRow} from "./status.ts";

/** How long `up` and `heal` wait for every member to be healthy, in milliseconds, where nothing else is said: as long
 *  as a member of a database may take to start with a full state transfer. The engine has waited for the members that
 *  it made or started by then. */
export const healthLimitMs = 120_000;

/** Pause between two looks, in milliseconds: a look costs each member up to 0.1 s of processor time. */
const pauseMs = 2000;

/** A member that is not healthy, with the state that it was last seen in. */
export type Unhealthy = Pick<StatusRow, "component" | "member" | "state">;

/** How a stack stood at the last look. Part of the documents of `up`, `heal` and `preview`. */
export interface Health {
  /** Every member healthy in its cluster, and no alarm: what `status` ends with 0 for. */
  healthy: boolean;
  /** How many members there are. */
  members: number;
  unhealthy: Unhealthy[];
  /** What must not be, in sentences, as `status` says it. */
  alarms: string[];
}

/** How a stack stood in the end, and what was done for it. */
export interface Standing extends Health {
  /** Processes that were started while it was waited for. */
  started: string[];
  /** What to type next, where it is not healthy. */
  next: string[];
}

/** What a wait for health is given. */
export interface HealthWait {
  /** The question of `status`. */
  look(): Promise<StackStatus>;
  limitMs: number;
  /** Called after each look at which something was not healthy: mends what it can. */
  recover?(): Promise<void>;
  /** Called with each look, the last one too. */
  tell?(found: StackStatus): void;
  /** Milliseconds between two looks (default 2000). */
  everyMs?: number;
}

/** Looks until every member is healthy in its cluster and there is no alarm, or until the limit is over. Gives what was
 *  seen last; never throws for it. A limit of 0 is one look. */
export async function untilHealthy({look, limitMs, recover, tell, everyMs = pauseMs}: HealthWait): Promise<Health> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    tell?.(found);
    if (found.healthy || performance.now() + everyMs > end) return healthIn(found);
    await recover?.();
    await sleep(everyMs);
  }
}

/** What of a status says whether the stack is healthy. */
export function healthIn({healthy, members, alarms}: StackStatus): Health {
  const unhealthy = members
    .filter(row => !row.healthy)
    .map(({component, member, state}) => ({component, member, state}));
  return {healthy, members: members.length, unhealthy, alarms};
}
