import type {FilledVirtualIp} from "./args.ts";

/** Priorities of the members: falling with the number, so that two backups never bid the same. The claim of 100, which a member adds while
 *  another does not answer, lifts each of them above every priority without claim (at most 150 + 100: VRRP's own end is 254). */
export function priorityOf(index: number, members: number): number {
  return 50 + Math.round((100 * (members - index)) / members);
}

/** Longest times until something is noticed and acted upon, in milliseconds, as the settings make them. What a client sees comes on top:
 *  its own wait until it tries again. */
export function budget(a: FilledVirtualIp): Record<string, number> {
  const {watch, serverCheck: server} = a;
  // VRRP: three intervals without a sign of life, and a skew that is shorter the higher the priority.
  const lost = Math.ceil(a.advertIntervalMs * (3 + (256 - priorityOf(a.members - 1, a.members)) / 256));
  // Given up in good order, the others wait for the skew alone.
  const handed = lost - 3 * a.advertIntervalMs;
  return {
    holderLostMs: lost,
    haproxyLostMs: watch.intervalMs + handed,
    haproxyHungMs: watch.fall * (watch.intervalMs + watch.timeoutMs) + handed,
    serverRefusedMs: server.intervalMs + (server.fall - 1) * server.fastIntervalMs,
    serverHungMs: server.intervalMs + server.fall * server.timeoutMs + (server.fall - 1) * server.fastIntervalMs,
  };
}
