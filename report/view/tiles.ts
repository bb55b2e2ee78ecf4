import {apart} from "../../lib/apart.ts";
import {showMs} from "../../lib/durations.ts";
import type {BoundResult, Result, Verdict} from "../../lib/result.ts";
import * as words from "../words.ts";

/** One figure at the top of the page. */
export interface Tile {
  title: string;
  value: string;
  note: string;
  verdict?: Verdict;
}

/** What an operator asks first. */
export function tilesOf(result: Result): Tile[] {
  return [longestTile(result), lostTile(result), recoveredTile(result), faultsTile(result), convergedTile(result)];
}

function longestTile(result: Result): Tile {
  const longest = words.longest(result);
  const bound = longest && words.boundOn(result, "outage", longest.workload);
  const budget = longest && words.budgetOf(result, longest.workload);
  const beside = (limit: number) => (longest ? apart(longest.ms, limit, showMs) : ["–", showMs(limit)]);
  const limits = [bound?.limit, budget].filter(limit => limit !== undefined);
  const allowed = [
    bound ? `allowed ${beside(bound.limit)[1]}` : "",
    budget === undefined ? "" : `budget ${beside(budget)[1]}`,
  ].filter(Boolean);
  // The nearest needs the most digits.
  const values = limits.map(limit => beside(limit)[0]!).sort((a, b) => b.length - a.length);
  return {
    title: "Longest outage",
    value: longest ? (values[0] ?? showMs(longest.ms)) : "–",
    note: longest ? [longest.workload, ...allowed].join(", ") : "no workload",
    verdict: bound?.verdict,
  };
}

function lostTile(result: Result): Tile {
  const lost = words.total(result, "lost");
  const acknowledged = words.count(words.total(result, "acknowledged") ?? 0);
  return {
    title: "Lost",
    value: lost === undefined ? "–" : words.count(lost),
    note: `${lost === undefined ? "no final read; " : "of "}${acknowledged} acknowledged`,
    verdict: worst(result.bounds.filter(b => b.bound.startsWith("lost"))),
  };
}

function recoveredTile(result: Result): Tile {
  const bound = result.bounds.find(b => b.bound === "recovered");
  const title = "Recovered";
  if (result.faults.length === 0 && result.recoveredMs === undefined && !bound)
    return {title, value: "not applicable", note: "nothing was broken"};
  return {
    title,
    value: words.showRecovered(result),
    note: bound ? `after heal, allowed ${showMs(bound.limit)}` : "after heal, every member healthy",
    verdict: bound?.verdict,
  };
}

function faultsTile({faults}: Result): Tile {
  const shown = faults.filter(f => f.confirmed !== undefined).length;
  return {
    title: "Faults shown",
    value: `${shown} of ${faults.length}`,
    note: faults.length ? "seen to take effect" : "none was asked for",
    verdict: faults.length ? (shown === faults.length ? "pass" : "unknown") : undefined,
  };
}

function convergedTile({converged}: Result): Tile {
  return {
    title: "Converged",
    value: words.showConverged(converged),
    note: "no change in a preview after heal",
    verdict: converged === undefined ? undefined : converged ? "pass" : "fail",
  };
}

function worst(bounds: BoundResult[]): Verdict | undefined {
  return (["fail", "unknown", "pass"] as const).find(v => bounds.some(b => b.verdict === v));
}
