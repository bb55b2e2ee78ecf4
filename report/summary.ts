import {apart} from "../lib/apart.ts";
import {showMs} from "../lib/durations.ts";
import {type BoundResult, outageVerdict, type Result, type Verdict} from "../lib/result.ts";
import {cut, paint, printable, type Style, table, textWidth, wrap} from "../lib/terminal.ts";
import {
  count,
  isFloor,
  meanings,
  plural,
  showBound,
  showErrors,
  showLasted,
  showLatency,
  showRecovered,
  showRestarts,
  showStandstills,
  showValue,
  signs,
  since,
} from "./words.ts";

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
  const {colour} = options;
  const under = (title: string, lines: readonly string[]) =>
    lines.length ? [`\n  ${paint("strong", title, colour)}`, ...lines] : [];
  return [
    ...headline(result, options),
    ...about(result, options),
    ...under("Why", why(result, options)),
    ...under("Bounds", bounds(result, options)),
    ...under("Anomalies", anomalies(result, options)),
    ...under("Known of this version", known(result, options)),
    ...under("Budgets", budgets(result, options)),
    ...under("Load", loads(result, options)),
    ...under("Outages", outages(result, options)),
    ...under("Faults", faults(result, options)),
    "",
    ...facts(result, options),
  ].join("\n");
}

/** Foreign text, broken between words; its first line may begin with a mark. */
function prose(text: string, {width}: SummaryOptions, indent: number, first = " ".repeat(indent)): string[] {
  return wrap(printable(text), width - indent).map((line, i) => (i ? " ".repeat(indent) : first) + line);
}

/** Columns that hold figures. */
const figure = {align: "right", fixed: true} as const;
const extra = {align: "right", optional: true} as const;

function about(result: Result, options: SummaryOptions): string[] {
  const unsaid = result.reasons.length === 0 && result.verdict !== "pass";
  return [...prose(result.summary, options, 2), ...(unsaid ? prose(meanings[result.verdict], options, 2) : [])];
}

function why({reasons, verdict}: Result, options: SummaryOptions): string[] {
  const mark = `  ${paint(styles[verdict], "•", options.colour)} `;
  return reasons.flatMap(reason => prose(reason, options, 4, mark));
}

function bounds(result: Result, {width, colour}: SummaryOptions): string[] {
  if (!result.bounds.length) return [];
  const barWidth = Math.min(24, width - 52);
  const columns = [
    {title: "", fixed: true},
    {title: "bound"},
    {title: "measured", ...figure},
    {title: "limit", ...figure},
    {title: "", optional: true},
  ];
  const rows = result.bounds.map(b => {
    const [measured, limit] = showBound(b);
    return [
      paint(styles[b.verdict], signs[b.verdict], colour),
      printable(b.bound),
      b.measured === undefined ? "–" : measured,
      `${isFloor(b) ? "≥" : "≤"} ${limit}`,
      barWidth < 8 ? "" : paint(styles[b.verdict], bar(b, barWidth), colour),
    ];
  });
  return [table(rows, {columns, width, indent: 2, colour})];
}

function loads(result: Result, {width, colour}: SummaryOptions): string[] {
  const columns = [
    {title: "workload"},
    {title: "done", ...figure},
    {title: "failed", ...figure},
    {title: "unknown", ...figure},
    {title: "lost", ...figure},
    {title: "p50", ...extra},
    {title: "p99", ...extra},
    {title: "max", ...extra},
    {title: "twice", ...extra},
    {title: "hits", ...extra},
  ];
  const rows = Object.entries(result.workloads).map(([name, w]) => [
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
  return [table(rows, {columns, width, indent: 2, colour})];
}

function outages(result: Result, {width, colour}: SummaryOptions): string[] {
  const all = Object.entries(result.workloads)
    .flatMap(([name, w]) => w.outages.map(o => ({name, ...o})))
    .sort((a, b) => b.ms - a.ms);
  if (!all.length) return ["  none"];
  const columns = [
    {title: "workload"},
    {title: "client", ...figure},
    {title: "from", ...figure},
    {title: "length", ...figure},
    {title: "errors"},
  ];
  const rows = all
    .slice(0, shownOutages)
    .map(o => [printable(o.name), `${o.client}`, since(result, o.from), showMs(o.ms), printable(showErrors(o.errors))]);
  const more = all.length - shownOutages;
  return [
    table(rows, {columns, width, indent: 2, colour}),
    ...(more > 0 ? [paint("faint", `  and ${more} shorter`, colour)] : []),
  ];
}

function faults(result: Result, options: SummaryOptions): string[] {
  const {colour} = options;
  if (!result.faults.length) return ["  none"];
  return result.faults.flatMap(f => {
    const mark = f.confirmed === undefined ? paint("warn", "?", colour) : paint("good", "✓", colour);
    const times = `${since(result, f.injected)} to ${f.healed === undefined ? "never healed" : since(result, f.healed)}`;
    const how =
      f.confirmed === undefined ? "not shown to have taken effect" : `seen after ${showMs(f.confirmed - f.injected)}`;
    return [
      ...prose(
        `${f.asked}: ${f.members.join(", ")}; ${[times, showLasted(f) ?? []].flat().join(", ")}`,
        options,
        4,
        `  ${mark} `,
      ),
      ...prose(f.evidence ? `${how}: ${f.evidence}` : how, options, 4).map(line => paint("faint", line, colour)),
    ];
  });
}

type Fact = [name: string, value: string];

function facts(result: Result, options: SummaryOptions): string[] {
  const {width, colour, report} = options;
  const converged = {true: "yes, no changes", false: "no, changes are left", undefined: "not asked"}[
    `${result.converged}`
  ];
  const all: Fact[] = [
    ["Recovered", showRecovered(result)],
    ["Converged", converged],
    ...(result.restarts?.length
      ? [["Restarts", `${showRestarts(result.restarts)}, which no fault hit`] satisfies Fact]
      : []),
    ["Machine", showStandstills(result.standstills)],
    ["Repeat", printable(result.command)],
    ...(report ? [["Report", printable(report)] satisfies Fact] : []),
  ];
  return all.flatMap(([name, value]) => {
    const title = `  ${paint("strong", name.padEnd(9), colour)}  `;
    // Commands and paths are for copying: on a line of their own, or broken over lines, rather than cut.
    return textWidth(value) <= width - 13 ? [title + value] : [title.trimEnd(), ...prose(value, options, 2)];
  });
}

/** What checkers found. The histories are in the page. */
function anomalies(result: Result, options: SummaryOptions): string[] {
  const found = Object.entries(result.workloads).flatMap(([name, w]) => (w.findings ?? []).map(f => ({name, ...f})));
  const mark = `  ${paint("bad", "•", options.colour)} `;
  const more = found.length - shownFindings;
  return [
    ...found.slice(0, shownFindings).flatMap(f => prose(`${f.name}, ${f.anomaly}: ${f.text}`, options, 4, mark)),
    ...(more > 0 ? [paint("faint", `  and ${more} more`, options.colour)] : []),
  ];
}

/** What was expected of this version. */
function known(result: Result, options: SummaryOptions): string[] {
  return (result.known ?? []).flatMap(k => {
    const seen =
      k.measured === undefined
        ? "could not be looked for"
        : k.measured
          ? `seen ${plural(k.measured, "time")}`
          : "not in this run";
    return prose(`${k.workload}, ${k.anomaly}: ${seen}. Known: ${k.because}`, options, 4, "  • ");
  });
}

function budgets({budgets = []}: Result, {width, colour}: SummaryOptions): string[] {
  if (!budgets.length) return [];
  const columns = [
    {title: "", fixed: true},
    {title: "workload"},
    {title: "measured", ...figure},
    {title: "budget", ...figure},
    {title: "after heal", ...extra},
    {title: "fault"},
  ];
  const rows = budgets.map(b => {
    const verdict = outageVerdict(b, b.ms);
    const [measured, allowed] = b.measured === undefined ? ["–", showMs(b.ms)] : apart(b.measured, b.ms, showMs);
    return [
      paint(styles[verdict], signs[verdict], colour),
      printable(b.workload),
      measured,
      allowed,
      b.afterHeal === undefined ? "–" : showMs(b.afterHeal),
      printable(b.fault),
    ];
  });
  return [table(rows, {columns, width, indent: 2, colour})];
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
