import {setTimeout as sleep} from "node:timers/promises";

/** Returns at `at` (Unix milliseconds) or as soon after as the machine lets it, never before, or throws when the signal
 *  is aborted. What is past has come. It goes by the wall clock, set back or forth as that may be, which is what the
 *  results of a run are told in. One timer is not enough: it counts whole milliseconds of the monotonic clock, of which
 *  the first may be nearly over, so that one in eight fires 1 ms early (Node 24.21). */
export async function sleepUntil(at: number, signal: AbortSignal): Promise<void> {
  do await sleep(Math.max(0, at - Date.now()), undefined, {signal});
  while (Date.now() < at);
}
