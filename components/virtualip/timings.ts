import type {FrontEnd} from "../component.ts";
import type {FilledVirtualIp} from "./args.ts";

/** How long a member that gave the address up waits before it ends the sessions that it has: the next holder bids after
 *  the skew, which is less than an advert interval, and tells its neighbours. Milliseconds. */
export const takeoverMs = ({advertIntervalMs}: Pick<FilledVirtualIp, "advertIntervalMs">): number =>
  advertIntervalMs + 50;

/** How the servers of a front end are watched. */
export function timingsOf(a: FilledVirtualIp, {timings = {}}: FrontEnd) {
  const interval = timings.interval ?? a.serverCheck.intervalMs;
  return {
    interval,
    fastInterval: Math.min(a.serverCheck.fastIntervalMs, interval),
    fall: timings.fall ?? a.serverCheck.fall,
    rise: timings.rise ?? a.serverCheck.rise,
  };
}
