import {showMs} from "../../lib/durations.ts";
import type {BoundResult, FaultResult, Result, Verdict, WorkloadResult} from "../../lib/result.ts";
import {type Lane, lanesOf} from "./lanes.ts";
import * as words from "./words.ts";

/** Everything that the page of a run shows, as text and numbers that are ready to be placed. */
export interface View {
  result: Result;
  title: string;
  verdict: Verdict;
  meaning: string;
  when: string;
  took: string;
  tiles: Tile[];
  bounds: BoundView[];
  workloads: WorkloadView[];
  faults: FaultView[];
  outages: {
    workload: string;
    client: number;
    from: string;
    to: string;
    length: string;
    share: number;
    errors: string;
  }[];
  lanes: Lane[];
  moreOutages: number;
  /** Marks of the time axis under the lanes. */
  ticks: {left: number; text: string}[];
  /** Faults over the lanes. */
  bands: {left: number; width: number; text: string}[];
  phases: {name: string; from: string; took: string}[];
  errors: {workload: string; error: string; count: string}[];
  machine: [string, string][];
  charts: Charts;
}

export interface Tile {
  title: string;
  value: string;
  note: string;
  verdict?: Verdict;
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

/** What the script in the page draws. Seconds since the begin of the load. */
export interface Charts {
  from: number;
  to: number;
  bands: {from: number; to: number; text: string}[];
  phases: {at: number; text: string}[];
  workloads: {
    name: string;
    bucketS: number;
    at: number[];
    ok: number[];
    failed: number[];
    unknown: number[];
    p50: (number | null)[];
    p99: (number | null)[];
    max: (number | null)[];
    hits?: (number | null)[];
  }[];
}

/** Outages that the page lists; report.json has all. */
const shownOutages = 60;

/** The page of that result. */
export function viewOf(result: Result): View {
  const span = spanOf(result);
  const percent = (at: number) =>
    ((Math.min(span.to, Math.max(span.from, at)) - span.from) / (span.to - span.from)) * 100;
  const seconds = (at: number) => (at - words.origin(result)) / 1000;
  const outages = Object.entries(result.workloads).flatMap(([workload, w]) => w.outages.map(o => ({workload, ...o})));
  const longest = outages.reduce((most, o) => Math.max(most, o.ms), 1);
  return {
    result,
    title: `${result.scenario}: ${result.verdict}`,
    verdict: result.verdict,
    meaning: words.meanings[result.verdict],
    when: `${new Date(result.started).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    took: showMs(result.ended - result.started),
    tiles: tilesOf(result),
    bounds: result.bounds.map(boundView),
    workloads: Object.entries(result.workloads).map(([name, w]) => workloadView(name, w)),
    faults: result.faults.map(f => faultView(result, f)),
    outages: outages
      .sort((a, b) => b.ms - a.ms)
      .slice(0, shownOutages)
      .map(o => ({
        workload: o.workload,
        client: o.client,
        from: words.since(result, o.from),
        to: words.since(result, o.to),
        length: showMs(o.ms),
        share: (o.ms / longest) * 100,
        errors: words.showErrors(o.errors),
      })),
    moreOutages: Math.max(0, outages.length - shownOutages),
    lanes: lanesOf(result, span, percent),
    ticks: ticks(seconds(span.from), seconds(span.to)),
    bands: result.faults.map(f => {
      const left = percent(f.injected);
      return {left, width: percent(f.healed ?? span.to) - left, text: f.asked};
    }),
    phases: result.phases.map(p => ({name: p.name, from: words.since(result, p.from), took: showMs(p.to - p.from)})),
    errors: Object.entries(result.workloads).flatMap(([workload, w]) =>
      Object.entries(w.errors)
        .filter(([, n]) => n > 0)
        .sort((a, b) => b[1] - a[1])
        .map(([error, n]) => ({workload, error, count: words.count(n)})),
    ),
    machine: Object.entries(result.machine).map(([name, value]) => [name, `${value}`]),
    charts: {
      from: seconds(span.from),
      to: seconds(span.to),
      bands: result.faults.map(f => ({from: seconds(f.injected), to: seconds(f.healed ?? span.to), text: f.asked})),
      phases: result.phases.map(p => ({at: seconds(p.from), text: p.name})),
      workloads: Object.entries(result.workloads).map(([name, w]) => seriesOf(name, w, seconds)),
    },
  };
}

/** What the plots span: from the load to the end of what was seen of clients and members, without the converge phase. */
function spanOf(result: Result): {from: number; to: number} {
  const series = Object.values(result.workloads).filter(w => w.series.length);
  const settled = result.phases.filter(p => ["fault", "heal", "settle"].includes(p.name)).map(p => p.to);
  const from = Math.min(words.origin(result), ...series.map(w => w.series[0]!.at));
  const ends = series.map(w => w.series.at(-1)!.at + w.bucketMs);
  const to = Math.max(...ends, ...settled, ...result.faults.map(f => f.healed ?? f.injected), from + 1000);
  return {from, to};
}

function tilesOf(result: Result): Tile[] {
  const longest = words.longest(result);
  const bound = longest && words.boundOn(result, "outage", longest.workload);
  const lost = words.total(result, "lost");
  const lostBounds = result.bounds.filter(b => b.bound.startsWith("lost"));
  const recovered = result.bounds.find(b => b.bound === "recovered");
  const shown = result.faults.filter(f => f.confirmed !== undefined).length;
  const worst = (bounds: BoundResult[]) =>
    (["fail", "unknown", "pass"] as const).find(v => bounds.some(b => b.verdict === v));
  return [
    {
      title: "Longest outage",
      value: longest ? showMs(longest.ms) : "–",
      note: bound ? `${longest.workload}, allowed ${showMs(bound.limit)}` : (longest?.workload ?? "no workload"),
      verdict: bound?.verdict,
    },
    {
      title: "Acknowledged and lost",
      value: lost === undefined ? "–" : words.count(lost),
      note: `${lost === undefined ? "no final read; " : "of "}${words.count(words.total(result, "acknowledged") ?? 0)} acknowledged`,
      verdict: worst(lostBounds),
    },
    {
      title: "Recovered",
      value: result.recoveredMs === undefined ? "no" : showMs(result.recoveredMs),
      note: recovered ? `after heal, allowed ${showMs(recovered.limit)}` : "after heal, every member healthy",
      verdict: recovered?.verdict,
    },
    {
      title: "Faults shown",
      value: `${shown} of ${result.faults.length}`,
      note: result.faults.length ? "seen to take effect" : "none was asked for",
      verdict: result.faults.length ? (shown === result.faults.length ? "pass" : "unknown") : undefined,
    },
    {
      title: "Converged",
      value: words.showConverged(result.converged),
      note: "no change in a preview after heal",
      verdict: result.converged === undefined ? undefined : result.converged ? "pass" : "fail",
    },
  ];
}

function boundView(b: BoundResult): BoundView {
  const measured = b.measured ?? 0;
  const scale = words.isFloor(b) ? Math.max(1, measured, b.limit) : Math.max(b.limit * 1.15, measured, 1e-9);
  return {
    bound: b.bound,
    verdict: b.verdict,
    measured: words.showValue(b.measured, b.unit),
    limit: `${words.isFloor(b) ? "≥" : "≤"} ${words.showValue(b.limit, b.unit)}`,
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
    described: `${w.workload} on ${w.endpoint}, ${w.clients} clients, ${words.count(w.rate)} operations a second asked`,
    hasHits: w.series.some(row => row.hitRate !== undefined),
    numbers: [
      ["acknowledged", words.count(w.acknowledged)],
      ["failed", words.count(w.failed)],
      ["unknown", words.count(w.unknown)],
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
    healed: f.healed === undefined ? "not healed" : words.since(result, f.healed),
    evidence: f.evidence ?? "nothing showed that it took effect",
    shown: f.confirmed !== undefined,
  };
}

function seriesOf(name: string, w: WorkloadResult, seconds: (at: number) => number): Charts["workloads"][number] {
  const perSecond = (n: number) => Number(((n * 1000) / w.bucketMs).toFixed(2));
  const short = (n: number | undefined) => (n === undefined || n <= 0 ? null : Number(n.toPrecision(4)));
  const hits = w.series.some(row => row.hitRate !== undefined);
  return {
    name,
    bucketS: w.bucketMs / 1000,
    at: w.series.map(row => Number(seconds(row.at).toFixed(3))),
    ok: w.series.map(row => perSecond(row.ok)),
    failed: w.series.map(row => perSecond(row.failed)),
    unknown: w.series.map(row => perSecond(row.unknown)),
    p50: w.series.map(row => short(row.p50)),
    p99: w.series.map(row => short(row.p99)),
    max: w.series.map(row => short(row.max)),
    ...(hits
      ? {hits: w.series.map(row => (row.hitRate === undefined ? null : Number((row.hitRate * 100).toFixed(2))))}
      : {}),
  };
}

/** At most about eight round marks between two moments in seconds. */
function ticks(from: number, to: number): {left: number; text: string}[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find(s => (to - from) / s <= 8) ?? 7200;
  const marks: {left: number; text: string}[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    marks.push({left: ((at - from) / (to - from)) * 100, text: `${at} s`});
  }
  return marks;
}
