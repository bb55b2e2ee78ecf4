import {showMs} from "../lib/durations.ts";
import type {Result} from "../lib/result.ts";
import {type Repeats, repeatsOf, spreadOf} from "./spread.ts";
import {budgetOf, longest, showTime, total} from "./words.ts";

/** The runs as a table for a document, a row for each scenario and set of settings, with the machine and the day above
 *  it: no figure of a document has to be typed. */
export function markdownTable(results: readonly Result[]): string {
  const head = [
    "scenario",
    "longest outage of any client: median (least to most)",
    "budget",
    "acknowledged and lost",
    "recovered",
  ];
  const rows = repeatsOf(results).map(rowOf);
  const line = (cells: string[]) => `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [measuredOn(results), "", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function rowOf({scenario, settings, runs}: Repeats): string[] {
  const worst = runs.flatMap(run => longest(run) ?? []);
  const budgets = runs.flatMap(run => {
    const worstOf = longest(run);
    return worstOf ? (budgetOf(run, worstOf.workload) ?? []) : [];
  });
  const lost = runs.flatMap(run => total(run, "lost") ?? []);
  const acknowledged = sum(runs.map(run => total(run, "acknowledged") ?? 0));
  return [
    settings ? `${scenario} (${settings})` : scenario,
    showSpread(
      worst.map(w => w.ms),
      runs.length,
    ),
    budgets.length ? showMs(Math.max(...budgets)) : "–",
    `${lost.length ? sum(lost) : "–"} of ${acknowledged}`,
    showSpread(
      runs.flatMap(run => run.recoveredMs ?? []),
      runs.length,
    ),
  ];
}

/** `310 ms (280 ms to 402 ms) of 5`, `310 ms` of one alone. */
function showSpread(values: number[], runs: number): string {
  const spread = spreadOf(values);
  if (!spread) return "–";
  if (runs === 1) return showMs(spread.median);
  return `${showMs(spread.median)} (${showMs(spread.min)} to ${showMs(spread.max)}) of ${values.length}`;
}

/** The machines and days of the runs; more than one of either is said, because such figures do not compare. */
function measuredOn(results: readonly Result[]): string {
  const machines = new Set(results.map(({machine}) => describeMachine(machine)));
  const days = [...new Set(results.map(r => showTime(r.started).slice(0, 10)))].sort();
  const when = days.length > 1 ? `from ${days[0]} to ${days.at(-1)}` : `on ${days[0] ?? "no day"}`;
  return `Measured ${when} on ${[...machines].join("; and on ") || "no machine"}.`;
}

function describeMachine({cores, memoryMiB, system, docker}: Result["machine"]): string {
  return [
    cores === undefined ? "" : `${cores} cores`,
    typeof memoryMiB === "number" ? `${(memoryMiB / 1024).toFixed(0)} GiB` : "",
    system === undefined ? "" : String(system),
    docker === undefined ? "" : `docker ${docker}`,
  ]
    .filter(Boolean)
    .join(", ");
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
