import type {TopologyComponent} from "../../lib/topology.ts";
import type {FrontEnd} from "../component.ts";
import type {FilledVirtualIp} from "./args.ts";
import {priorityOf} from "./priority.ts";
import {routerId} from "./spec.ts";
import {takeoverMs, timingsOf} from "./timings.ts";

/** Refused questions until the loop beside HAProxy gives the address up: it takes the first for certain. */
const watchRefusals = 1;

/** What the topology says of the component: every timing that its budgets are computed from, as the daemons are told
 *  it. */
export function settingsOf(a: FilledVirtualIp): TopologyComponent["settings"] {
  return {
    address: a.address,
    routerId: routerId(a.address),
    advertIntervalMs: a.advertIntervalMs,
    lowestPriority: priorityOf(a.members - 1, a.room),
    watchIntervalMs: a.watch.intervalMs,
    watchTimeoutMs: a.watch.timeoutMs,
    watchFall: a.watch.fall,
    watchRefusals,
    takeoverMs: takeoverMs(a),
    settleMs: a.watch.settleMs,
    connectTimeoutMs: a.connectTimeoutMs,
    checkTimeoutMs: a.serverCheck.timeoutMs,
    idleTimeoutMs: a.idleTimeoutMs,
    statisticsPort: a.statisticsPort,
    ...Object.assign({}, ...a.frontEnds.map(end => frontEndSettings(a, end))),
  };
}

/** One front end: `sql.mode`, `sql.intervalMs`. */
function frontEndSettings(a: FilledVirtualIp, end: FrontEnd): TopologyComponent["settings"] {
  const {interval, fastInterval, fall, rise} = timingsOf(a, end);
  const settings = {
    mode: end.mode,
    intervalMs: interval,
    fastIntervalMs: fastInterval,
    fall,
    rise,
    // Whether a server must answer, or its kernel alone.
    asks: end.check.kind === "http" || end.check.send !== undefined,
    shutSessions: a.serverCheck.shutSessions,
  };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${end.name}.${key}`, value]));
}
