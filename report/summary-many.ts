import {showMs} from "../lib/durations.ts";
import {type BoundResult, type Result, type Verdict, worse} from "../lib/result.ts";
import {cut, paint, printable, table, wrap} from "../lib/terminal.ts";
import {type SummaryOptions, styles} from "./summary.ts";
import {count, meanings, signs} from "./words.ts";

/** The results of several runs for people: one line each, and the sum. */
export function summariseMany(results: Result[], options: SummaryOptions): string {
  const {width, colour} = options;
  const columns = [
    {title: "", fixed: true},
    {title: "scenario"},
    {title: "outage", align: "right" as const, fixed: true},
    {title: "limit", align: "right" as const, fixed: true},
    {title: "lost", align: "right" as const, fixed: true},
    {title: "recovered", align: "right" as const, optional: true},
    {title: "converged", optional: true},
  ];
  const rows = results.map(result => {
    const tightest = tightestOutage(result);
    const lost = Object.values(result.workloads).flatMap(w => w.lost ?? []);
    const sum = lost.length ? lost.reduce((a, b) => a + b, 0) : undefined;
    return [
      paint(styles[result.verdict], signs[result.verdict], colour),
      printable(result.scenario),
      tightest.measured === undefined ? "–" : showMs(tightest.measured),
      tightest.limit === undefined ? "–" : showMs(tightest.limit),
      sum ? paint("bad", count(sum), colour) : count(sum),
      result.recoveredMs === undefined ? "–" : showMs(result.recoveredMs),
      result.converged === undefined ? "–" : result.converged ? "yes" : "no",
    ];
  });
  const lines = [table(rows, {columns, width, indent: 2, colour}), ""];
  for (const result of results.filter(r => r.verdict !== "pass")) {
    const title = `${signs[result.verdict]} ${printable(result.scenario)}`;
    lines.push(`  ${paint(styles[result.verdict], cut(title, width - 2), colour)}`);
    for (const reason of result.reasons.length ? result.reasons : [meanings[result.verdict]]) {
      lines.push(...wrap(printable(reason), width - 4).map(line => `    ${line}`));
    }
    lines.push("");
  }
  const all = results.map(r => r.verdict);
  const counts = (["pass", "fail", "unknown"] as const).map(v => [v, all.filter(x => x === v).length] as const);
  const sum = counts
    .filter(([v, n]) => n || v === "pass")
    .map(([v, n]) => paint(styles[v], `${n} ${v}`, colour && n > 0));
  lines.push(
    `  ${paint("strong", `${results.length} run${results.length === 1 ? "" : "s"}`, colour)}: ${sum.join(", ")}`,
  );
  if (options.report) lines.push(...wrap(`Report ${printable(options.report)}`, width - 2).map(line => `  ${line}`));
  return lines.join("\n");
}

/** The verdict over several runs; unknown when there were none. */
export function overall(results: Result[]): Verdict {
  return results.length ? results.map(r => r.verdict).reduce(worse) : "unknown";
}

/** Of the outages with a bound the one that came nearest to it; else the longest of all. */
function tightestOutage(result: Result): {measured?: number; limit?: number} {
  const bounds = result.bounds.filter(b => b.unit === "ms" && b.bound.startsWith("outage "));
  const share = (b: BoundResult) => (b.measured ?? 0) / Math.max(1, b.limit);
  const nearest = bounds.sort((a, b) => share(b) - share(a))[0];
  if (nearest) return nearest;
  const lengths = Object.values(result.workloads).map(w => w.longestOutageMs);
  return lengths.length ? {measured: Math.max(...lengths)} : {};
}
