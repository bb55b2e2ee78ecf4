import type {Standstill} from "../lib/analysis/standstills.ts";
import {apart} from "../lib/apart.ts";
import {showMs} from "../lib/durations.ts";
import {
  type BoundResult,
  type FaultResult,
  lastedAsAsked,
  type Result,
  type Verdict,
  type WorkloadResult,
} from "../lib/result.ts";

/** A sign beside each verdict, so that colour is never the only carrier. */
export const signs: Record<Verdict, string> = {pass: "✓", unknown: "?", fail: "✗"};

/** What a verdict means, in one sentence. */
export const meanings: Record<Verdict, string> = {
  pass: "Every bound was kept, and every fault was shown to have taken effect.",
  unknown: "Something could not be measured or shown, so nothing is promised.",
  fail: "A bound was broken.",
};

/** A value of a bound for people: `1.84 s`, `0`, `93.1 %`. */
export function showValue(value: number | undefined, unit: BoundResult["unit"], more = 0): string {
  if (value === undefined) return "not measured";
  if (unit === "ms") return showMs(value, more);
  return unit === "ratio" ? `${(value * 100).toFixed(1 + more)} %` : count(value);
}

/** What was measured and its limit, which look different where they are. */
export function showBound({measured, limit, unit}: Pick<BoundResult, "measured" | "limit" | "unit">): [string, string] {
  if (measured === undefined) return [showValue(measured, unit), showValue(limit, unit)];
  return apart(measured, limit, (value, more) => showValue(value, unit, more));
}

/** How long the recovery took. */
export function showRecovered({
  recoveredMs,
  faults,
  bounds,
}: Pick<Result, "recoveredMs" | "faults" | "bounds">): string {
  if (recoveredMs !== undefined) return showMs(recoveredMs);
  const bound = bounds.find(b => b.bound === "recovered");
  if (faults.length === 0 && !bound) return "not applicable";
  return bound?.verdict === "unknown" ? "not known" : "not healthy again";
}

/** How long a fault lasted: `lasted 152 ms`, `lasted 1.60 s instead of 100 ms`; undefined where it ended by itself. */
export function showLasted(fault: Pick<FaultResult, "forMs" | "lastedMs">): string | undefined {
  const {forMs, lastedMs} = fault;
  if (lastedMs === undefined) return undefined;
  return `lasted ${showMs(lastedMs)}${lastedAsAsked(fault) ? "" : ` instead of ${showMs(forMs!)}`}`;
}

/** A whole number with thin groups: `12 345`. */
export function count(value: number | undefined): string {
  return value === undefined
    ? "–"
    : Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A latency: `0.41 ms`, `3.4 ms`, `1.21 s`. */
export function showLatency(ms: number): string {
  return ms < 10 ? `${ms.toFixed(ms < 1 ? 2 : 1)} ms` : showMs(ms);
}

/** Where a bound is a lower one: a share of hits has to be reached, all else must not be exceeded. */
export function isFloor(bound: BoundResult): boolean {
  return bound.unit === "ratio";
}

/** The moment that times in a report count from: begin of the load, as the faults of a scenario do. */
export function origin(result: Result): number {
  return result.phases.find(p => p.name === "load")?.from ?? result.started;
}

/** A moment as seconds since the begin of the load: `+5.02 s`. */
export function since(result: Result, at: number | undefined, digits = 2): string {
  return at === undefined ? "–" : signed(at - origin(result), digits);
}

/** A difference of times in seconds with its sign: `+5.02 s`. */
export function signed(ms: number, digits: number): string {
  const text = (Math.abs(ms) / 1000).toFixed(digits);
  return `${ms < 0 && Number(text) > 0 ? "−" : "+"}${text}\u00a0s`;
}

/** `1 line`, `12 lines`. */
export function plural(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`;
}

/** A moment for people, in UTC. */
export function showTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Settings of the stack that a scenario asked for: `profile=kolla, queues=quorum`; empty when there are none. */
export function showSettings(settings: Result["settings"] = {}): string {
  return Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

/** The longest outage of a workload that the configuration allows over all faults of the run; undefined where none was
 *  computed. */
export function budgetOf({budgets = []}: Result, workload: string): number | undefined {
  const own = budgets.filter(b => b.workload === workload).map(b => b.ms);
  return own.length ? Math.max(...own) : undefined;
}

/** Error classes with their number, the most frequent first: `timeout ×5, ECONNRESET`. */
export function showErrors(errors: Record<string, number>): string {
  const sorted = Object.entries(errors)
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1]);
  return sorted.map(([name, n]) => (n === 1 ? name : `${name} ×${n}`)).join(", ") || "none";
}

/** The bound of that kind on that workload, `outage rows`. */
export function boundOn(result: Result, kind: string, workload: string): BoundResult | undefined {
  return result.bounds.find(b => b.bound === `${kind} ${workload}`);
}

/** Sum over all workloads of one of their numbers; undefined when no workload has it. */
export function total(result: Result, of: "acknowledged" | "failed" | "unknown" | "lost"): number | undefined {
  const values = Object.values(result.workloads).flatMap((w: WorkloadResult) => w[of] ?? []);
  return values.length ? values.reduce((a, b) => a + b, 0) : undefined;
}

/** The longest outage over all workloads, with the name of its workload. */
export function longest(result: Result): {workload: string; ms: number} | undefined {
  const all = Object.entries(result.workloads).map(([workload, w]) => ({workload, ms: w.longestOutageMs}));
  return all.sort((a, b) => b.ms - a.ms)[0];
}

/** `converged` for people. */
export function showConverged(converged: boolean | undefined): string {
  return converged === undefined ? "not asked" : converged ? "yes" : "no";
}

/** `galera-0 (watcher), galera-1 (main, answerer)`. */
export function showRestarts(restarts: Result["restarts"]): string {
  if (!restarts) return "not looked for";
  const byMember = Map.groupBy(restarts, r => r.member);
  const all = [...byMember].map(([member, own]) => `${member} (${own.map(r => r.process).join(", ")})`);
  return all.join(", ") || "none beside the faults";
}

/** `stood still 3 times (disk), the longest 1.62 s`. */
export function showStandstills(standstills: readonly Standstill[] | undefined): string {
  if (!standstills) return "not watched to the end";
  if (standstills.length === 0) return "did not stand still";
  const longest = Math.max(...standstills.map(({from, to}) => to - from));
  const of = new Intl.ListFormat("en-GB").format([...new Set(standstills.map(s => s.of))].sort());
  const times = standstills.length === 1 ? "once" : plural(standstills.length, "time");
  return `stood still ${times} (${of}), the longest ${showMs(longest)}`;
}
