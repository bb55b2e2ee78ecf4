import type {Lint} from "../../lib/budget/lint.ts";
import {shortMs} from "../../lib/budget/terms.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** Checks that a frozen server passes. */
export function blindChecks({name, settings}: TopologyComponent): Lint[] {
  return Object.entries(settings)
    .filter(([key, value]) => key.endsWith(".asks") && value === false)
    .map(([key]) => ({
      level: "error" as const,
      rule: "blind-check",
      component: name,
      text: `checks the servers of ${key.slice(0, -".asks".length)} by a connection alone, which the kernel of a frozen server accepts: it is never taken out. Let the check wait for an answer.`,
    }));
}

/** A holder that is woken too late for its advert loses the address for nothing: the others wait for two intervals
 *  more, and the skew. */
export function advertInterval({name, settings}: TopologyComponent, late: number | undefined): Lint[] {
  const {advertIntervalMs: interval, lowestPriority: lowest} = settings;
  if (late === undefined || typeof interval !== "number" || typeof lowest !== "number") return [];
  const intervals = 2 + (256 - lowest) / 256;
  if (late < interval * intervals) return [];
  const enough = (Math.floor(late / intervals / 10) + 1) * 10;
  const text = `sends an advert every ${shortMs(interval)}, and the others take over when one is ${shortMs(interval * intervals)} late. A member was woken ${shortMs(late)} late here: the address will move without need. Make \`advertIntervalMs\` ${enough} or more.`;
  return [{level: "warning", rule: "advert-interval", component: name, text}];
}
