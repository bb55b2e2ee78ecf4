import {showMs} from "../../lib/durations.ts";
import type {BoundResult, Result, Verdict} from "../../lib/result.ts";
import {cut, paint, printable, type Style, table, textWidth, wrap} from "../../lib/terminal.ts";
import {count, isFloor, meanings, plural, showErrors, showLatency, showValue, signs, since} from "./words.ts";

/** How a summary is drawn. */
export interface SummaryOptions {
  /** Characters a line may take. */
  width: number;
  colour: boolean;
  /** Where the report in HTML is, said in the last line. */
  report?: string;
}

/** How each verdict is coloured. */
export const styles: Record<Verdict, Style> = {pass: "good", unknown: "warn", fail: "bad"};
const shownOutages = 6;
const shownFindings = 5;

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

  lines.push(...anomalies(result, prose, head, colour));
  if (result.budgets?.length) lines.push(head("Budgets"), budgets(result, options));

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

type Prose = (text: string, indent: number, first?: string) => string[];

/** What checkers found, and what was expected of this version. The histories are in the page. */
function anomalies(result: Result, prose: Prose, head: (text: string) => string, colour: boolean): string[] {
  const found = Object.entries(result.workloads).flatMap(([name, w]) => (w.findings ?? []).map(f => ({name, ...f})));
  const lines = found
    .slice(0, shownFindings)
    .flatMap(f => prose(`${f.name}, ${f.anomaly}: ${f.text}`, 4, `  ${paint("bad", "•", colour)} `));
  if (found.length > shownFindings) lines.push(paint("faint", `  and ${found.length - shownFindings} more`, colour));
  const known = (result.known ?? []).flatMap(k => {
    const seen =
      k.measured === undefined
        ? "could not be looked for"
        : k.measured
          ? `seen ${plural(k.measured, "time")}`
          : "not in this run";
    return prose(`${k.workload}, ${k.anomaly}: ${seen}. Known: ${k.because}`, 4, "  • ");
  });
  return [
    ...(lines.length ? [head("Anomalies"), ...lines] : []),
    ...(known.length ? [head("Known of this version"), ...known] : []),
  ];
}

function budgets({budgets = []}: Result, {width, colour}: SummaryOptions): string {
  const right = {align: "right", fixed: true} as const;
  const columns = [
    {title: "", fixed: true},
    {title: "workload"},
    {title: "measured", ...right},
    {title: "budget", ...right},
    {title: "fault"},
  ];
  const rows = budgets.map(b => {
    const verdict = b.measured === undefined ? "unknown" : b.measured > b.ms ? "fail" : "pass";
    const measured = b.measured === undefined ? "–" : showMs(b.measured);
    return [
      paint(styles[verdict], signs[verdict], colour),
      printable(b.workload),
      measured,
      showMs(b.ms),
      printable(b.fault),
    ];
  });
  return table(rows, {columns, width, indent: 2, colour});
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
