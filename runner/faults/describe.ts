import {showMs} from "../../lib/durations.ts";
import type {ChaosPlan, FaultPlan, Where} from "../scenario/scenario.ts";
import {passes} from "./fault.ts";
import {faultOf} from "./registry.ts";

/** For people: `kill galera writer`, `pause zone b`, `crash vip vip-0 (keepalived)`. */
export function describeFault({kind, where, params}: Pick<FaultPlan, "kind" | "where" | "params">): string {
  return [kind, describeWhere(where), faultOf(kind).detail?.(params)].filter(Boolean).join(" ");
}

/** For people: `at 5.00 s for 10.0 s, 20 times`, `2.00 s after cut healed`. */
export function describeTime({kind, params, atMs, after, forMs, repeat}: FaultPlan): string {
  const wait = atMs > 0 ? `${showMs(atMs)} ` : "";
  const when = after ? `${wait}after ${after.fault} ${after.is}` : `at ${showMs(atMs)}`;
  const lasts = passes(faultOf(kind), params) ? "" : ` for ${showMs(forMs)}`;
  return `${when}${lasts}${repeat ? `, ${repeat.times} times` : ""}`;
}

/** For people: `chaos every 20.0 s for 5 min, each for 10.0 s, among kill, pause, process vip (haproxy, STOP)`. */
export function describeChaos({everyMs, forMs, lastsMs, among, components, down}: ChaosPlan): string {
  const choices = among.map(({kind, params, component}) =>
    [kind, component, faultOf(kind).detail?.(params)].filter(Boolean).join(" "),
  );
  return [
    `chaos every ${showMs(everyMs)} for ${showMs(forMs)}`,
    `each for ${showMs(lastsMs)}`,
    ...(components ? [`in ${components.join(" and ")}`] : []),
    ...(down === undefined ? [] : [`at most ${down} of a component down`]),
    `among ${choices.join(", ")}`,
  ].join(", ");
}

function describeWhere(where: Where): string {
  if ("member" in where) return `${where.component} ${where.member}`;
  if ("pick" in where) return `${where.component} ${where.pick}`;
  if ("every" in where) return where.component;
  if ("zone" in where) return `zone ${where.zone}`;
  if ("all" in where) return "everything";
  return `the zone of ${where.zoneOf.map(w => `${w.component} ${w.pick}`).join(" and ")}`;
}
