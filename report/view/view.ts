import {showMs} from "../../lib/durations.ts";
import type {BoundResult, FaultResult, Result, Verdict, WorkloadResult} from "../../lib/result.ts";
import * as words from "../words.ts";
import {type BudgetView, budgetsOf} from "./budgets.ts";
import {type Charts, chartsOf} from "./charts.ts";
import {type FindingView, findingsOf, type KnownView, knownOf} from "./findings.ts";
import {type Lane, lanesOf} from "./lanes.ts";
import {type FaultLogs, logsOf} from "./logs.ts";
import {type OutagesView, outagesOf} from "./outages.ts";
import {Span} from "./span.ts";
import {type Tile, tilesOf} from "./tiles.ts";

/** Everything that the page of a run shows, as text and numbers that are ready to be placed. */
export interface View {
  result: Result;
  title: string;
  verdict: Verdict;
  meaning: string;
  when: string;
  took: string;
  settings: string;
  tiles: Tile[];
  bounds: BoundView[];
  budgets: BudgetView[];
  findings: FindingView[];
  moreFindings: number;
  known: KnownView[];
  workloads: WorkloadView[];
  faults: FaultView[];
  outages: OutagesView;
  lanes: Lane[];
  /** Marks of the time axis under the lanes. */
  ticks: {left: number; text: string}[];
  /** Faults over the lanes. */
  bands: {left: number; width: number; text: string}[];
  logs: FaultLogs[];
  phases: {name: string; from: string; took: string}[];
  errors: {workload: string; error: string; count: string}[];
  machine: [string, string][];
  charts: Charts;
}

export interface BoundView {
  bound: string;
  verdict: Verdict;
  measured: string;
  limit: string;
  /** Percent of the bar. */
  filled: number;
  mark: number;
}

export interface WorkloadView {
  name: string;
  kind: string;
  described: string;
  numbers: [string, string][];
  notes: string[];
  hasHits: boolean;
}

export interface FaultView {
  asked: string;
  members: string;
  injected: string;
  confirmed: string;
  healed: string;
  evidence: string;
  shown: boolean;
}

/** The page of that result. */
export function viewOf(result: Result): View {
  const span = new Span(result);
  const {findings, more: moreFindings} = findingsOf(result);
  return {
    result,
    title: `${result.scenario}: ${result.verdict}`,
    verdict: result.verdict,
    meaning: words.meanings[result.verdict],
    when: words.showTime(result.started),
    took: showMs(result.ended - result.started),
    settings: words.showSettings(result.settings),
    tiles: tilesOf(result),
    bounds: result.bounds.map(boundView),
    budgets: budgetsOf(result.budgets),
    findings,
    moreFindings,
    known: knownOf(result.known),
    workloads: Object.entries(result.workloads).map(([name, w]) => workloadView(name, w)),
    faults: result.faults.map(f => faultView(result, f)),
    outages: outagesOf(result, span),
    lanes: lanesOf(result, span),
    ticks: span.ticks(),
    bands: result.faults.map(f => {
      const left = span.percent(f.injected);
      return {left, width: span.percent(f.healed ?? span.to) - left, text: f.asked};
    }),
    logs: logsOf(result),
    phases: result.phases.map(p => ({name: p.name, from: words.since(result, p.from), took: showMs(p.to - p.from)})),
    errors: errorsOf(result),
    machine: [
      ...Object.entries(result.machine).map(([name, value]): [string, string] => [name, `${value}`]),
      ["standstills", words.showStandstills(result.standstills)],
      ["restarts", words.showRestarts(result.restarts)],
    ],
    charts: chartsOf(result, span),
  };
}

function boundView(b: BoundResult): BoundView {
  const measured = b.measured ?? 0;
  const [shown, allowed] = words.showBound(b);
  const scale = words.isFloor(b) ? Math.max(1, measured, b.limit) : Math.max(b.limit * 1.15, measured, 1e-9);
  return {
    bound: b.bound,
    verdict: b.verdict,
    measured: shown,
    limit: `${words.isFloor(b) ? "≥" : "≤"} ${allowed}`,
    filled: (measured / scale) * 100,
    mark: (b.limit / scale) * 100,
  };
}

function workloadView(name: string, w: WorkloadResult): WorkloadView {
  const optional = (title: string, value: number | undefined): [string, string][] =>
    value === undefined ? [] : [[title, words.count(value)]];
  return {
    name,
    kind: w.workload,
    described: `${w.workload} on ${w.endpoint}, ${words.plural(w.clients, "client")}, ${words.count(w.rate)} operations a second asked`,
    notes: w.notes ?? [],
    hasHits: w.series.some(row => row.hitRate !== undefined),
    numbers: [
      ["acknowledged", words.count(w.acknowledged)],
      ["failed", words.count(w.failed)],
      ["unknown", words.count(w.unknown)],
      ...(w.notSent ? optional("not sent", w.notSent) : []),
      ...optional("lost", w.lost),
      ...optional("duplicates", w.duplicates),
      ...optional("landed unknown", w.recovered),
      ...(w.hitRate === undefined ? [] : ([["hit rate", words.showValue(w.hitRate, "ratio")]] as [string, string][])),
      ["longest outage", showMs(w.longestOutageMs)],
      ["p50", words.showLatency(w.latencyMs.p50)],
      ["p99", words.showLatency(w.latencyMs.p99)],
      ["max", words.showLatency(w.latencyMs.max)],
    ],
  };
}

function faultView(result: Result, f: FaultResult): FaultView {
  return {
    asked: f.asked,
    members: f.members.join(", ") || "none",
    injected: words.since(result, f.injected),
    confirmed: f.confirmed === undefined ? "not shown" : words.since(result, f.confirmed),
    healed:
      f.healed === undefined
        ? "not healed"
        : [words.since(result, f.healed), words.showLasted(f) ?? []].flat().join(", "),
    evidence: f.evidence ?? "nothing showed that it took effect",
    shown: f.confirmed !== undefined,
  };
}

function errorsOf(result: Result): View["errors"] {
  return Object.entries(result.workloads).flatMap(([workload, w]) =>
    Object.entries(w.errors)
      .filter(([, n]) => n > 0)
      .sort((a, b) => b[1] - a[1])
      .map(([error, n]) => ({workload, error, count: words.count(n)})),
  );
}
