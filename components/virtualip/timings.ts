import type {FrontEnd} from "../component.ts";
import type {FilledVirtualIp} from "./args.ts";

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
