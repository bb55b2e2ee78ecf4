import {showMs} from "../../lib/durations.ts";
import {type BoundResult, type Result, type Verdict, worse} from "../../lib/result.ts";
import {cut, paint, printable, type Style, table, textWidth, wrap} from "../../lib/terminal.ts";
import {count, isFloor, meanings, showErrors, showLatency, showValue, signs, since} from "./words.ts";

/** How a summary is drawn. */
export interface SummaryOptions {
  /** Characters a line may take. */
  width: number;
  colour: boolean;
  /** Where the report in HTML is, said in the last line. */
  report?: string;
}

const styles: Record<Verdict, Style> = {pass: "good", unknown: "warn", fail: "bad"};
const shownOutages = 6;

/** The result of one run for people, on a terminal: no line is wider than asked. */
export function summarise(result: Result, options: SummaryOptions): string {
  const {width, colour} = options;
  const sign = (v: Verdict) => paint(styles[v], signs[v], colour);
  const head = (text: string) => `\n  ${paint("strong", text, colour)}`;
  const lines = [...headline(result, options)];
  const prose = (text: string, indent: number, first = " ".repeat(indent)) =>
    wrap(printable(text), width - indent).map((line, i) => (i ? " ".repeat(indent) : first) + line);
  lines.push(...prose(result.summary, 2));
  if (!result.reasons.length && result.verdict !== "pass") lines.push(...prose(meanings[result.verdict], 2));
  if (result.reasons.length) lines.push(head("Why"));
  for (const reason of result.reasons)
    lines.push(...prose(reason, 4, `  ${paint(styles[result.verdict], "•", colour)} `));

  if (result.bounds.length) {
    lines.push(head("Bounds"));
    const barWidth = Math.min(24, width - 52);
    const columns = [
      {title: "", fixed: true},
      {title: "bound"},
      {title: "measured", align: "right" as const, fixed: true},
      {title: "limit", align: "right" as const, fixed: true},
      {title: "", optional: true},
    ];
    const rows = result.bounds.map(b => [
      sign(b.verdict),
      printable(b.bound),
      b.measured === undefined ? "–" : showValue(b.measured, b.unit),
      `${isFloor(b) ? "≥" : "≤"} ${showValue(b.limit, b.unit)}`,
      barWidth < 8 ? "" : paint(styles[b.verdict], bar(b, barWidth), colour),
    ]);
    lines.push(table(rows, {columns, width, indent: 2, colour}));
  }

  lines.push(head("Load"));
  const loadColumns = [
    {title: "workload"},
    {title: "done", align: "right" as const, fixed: true},
    {title: "failed", align: "right" as const, fixed: true},
    {title: "unknown", align: "right" as const, fixed: true},
    {title: "lost", align: "right" as const, fixed: true},
    {title: "p50", align: "right" as const, optional: true},
    {title: "p99", align: "right" as const, optional: true},
    {title: "max", align: "right" as const, optional: true},
    {title: "twice", align: "right" as const, optional: true},
    {title: "hits", align: "right" as const, optional: true},
  ];
  const loads = Object.entries(result.workloads).map(([name, w]) => [
    printable(name),
    count(w.acknowledged),
    count(w.failed),
    count(w.unknown),
    w.lost ? paint("bad", count(w.lost), colour) : count(w.lost),
    showLatency(w.latencyMs.p50),
    showLatency(w.latencyMs.p99),
    showLatency(w.latencyMs.max),
    count(w.duplicates),
    w.hitRate === undefined ? "–" : showValue(w.hitRate, "ratio"),
  ]);
  lines.push(table(loads, {columns: loadColumns, width, indent: 2, colour}));

  lines.push(head("Outages"));
  const outages = Object.entries(result.workloads)
    .flatMap(([name, w]) => w.outages.map(o => ({name, ...o})))
    .sort((a, b) => b.ms - a.ms);
  if (!outages.length) lines.push("  none");
  const outageColumns = [
    {title: "workload"},
    {title: "client", align: "right" as const, fixed: true},
    {title: "from", align: "right" as const, fixed: true},
    {title: "length", align: "right" as const, fixed: true},
    {title: "errors"},
  ];
  const outageRows = outages
    .slice(0, shownOutages)
    .map(o => [printable(o.name), `${o.client}`, since(result, o.from), showMs(o.ms), printable(showErrors(o.errors))]);
  if (outages.length) lines.push(table(outageRows, {columns: outageColumns, width, indent: 2, colour}));
  if (outages.length > shownOutages)
    lines.push(paint("faint", `  and ${outages.length - shownOutages} shorter`, colour));

  lines.push(head("Faults"));
  if (!result.faults.length) lines.push("  none");
  for (const f of result.faults) {
    const shown = f.confirmed === undefined ? `${paint("warn", "?", colour)} ` : `${paint("good", "✓", colour)} `;
    const times = `${since(result, f.injected)} to ${f.healed === undefined ? "never healed" : since(result, f.healed)}`;
    lines.push(...prose(`${f.asked}: ${f.members.join(", ")}; ${times}`, 4, `  ${shown}`));
    const how =
      f.confirmed === undefined ? "not shown to have taken effect" : `seen after ${showMs(f.confirmed - f.injected)}`;
    lines.push(...prose(f.evidence ? `${how}: ${f.evidence}` : how, 4).map(line => paint("faint", line, colour)));
  }

  const recovered = result.recoveredMs === undefined ? "not healthy again" : showMs(result.recoveredMs);
  const converged = {true: "yes, no changes", false: "no, changes are left", undefined: "not asked"}[
    `${result.converged}`
  ];
  const facts = [
    ["Recovered", recovered],
    ["Converged", converged],
    ["Repeat", printable(result.command)],
    ...(options.report ? [["Report", printable(options.report)]] : []),
  ];
  lines.push("");
  for (const [name, value] of facts) {
    const title = `  ${paint("strong", name!.padEnd(9), colour)}  `;
    // Commands and paths are for copying: on a line of their own, or broken over lines, rather than cut.
    if (textWidth(value!) <= width - 13) lines.push(title + value);
    else lines.push(title.trimEnd(), ...prose(value!, 2));
  }
  return lines.join("\n");
}

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

/** Verdict and scenario on one line, stack and seed at its right end where there is room. */
function headline(result: Result, {width, colour}: SummaryOptions): string[] {
  const verdict = `${signs[result.verdict]} ${result.verdict.toUpperCase()}`;
  const name = cut(printable(result.scenario), width - verdict.length - 2);
  const left = `${paint(styles[result.verdict], verdict, colour)}  ${paint("strong", name, colour)}`;
  const right = `${printable(result.stack)} · seed ${result.seed} · ${showMs(result.ended - result.started)}`;
  const space = width - textWidth(left) - textWidth(right);
  if (space >= 2) return [left + " ".repeat(space) + paint("faint", right, colour)];
  return [left, ...wrap(right, width - 2).map(line => paint("faint", `  ${line}`, colour))];
}

/** Measured against limit: `███████░░░│` is under it, `██████████│███` over. */
function bar(bound: BoundResult, width: number): string {
  if (bound.measured === undefined || bound.measured + bound.limit === 0) return "";
  const scale = Math.max(bound.limit, bound.measured, 1e-9) * (bound.measured > bound.limit ? 1 : 1.15);
  const filled = Math.round((bound.measured / scale) * width);
  const limit = Math.min(width - 1, Math.round((bound.limit / scale) * width));
  return [...Array(width).keys()]
    .map(i => (i === limit ? "│" : i < filled ? "█" : "·"))
    .join("")
    .replace(/·+$/, "");
}
