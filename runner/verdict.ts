import {outagesOf} from "../lib/analysis/outages.ts";
import type {Standstill} from "../lib/analysis/standstills.ts";
import {apart as besides} from "../lib/apart.ts";
import {machineMs} from "../lib/budget/machine.ts";
import {equation} from "../lib/budget/terms.ts";
import {showMs} from "../lib/durations.ts";
import type {History, Operation} from "../lib/history.ts";
import {
  type BoundResult,
  type BudgetResult,
  type FaultResult,
  type KnownResult,
  outageVerdict,
  type Result,
  type Verdict,
  type WorkloadResult,
  worse,
} from "../lib/result.ts";
import {largestBudget} from "./scenario/bounds.ts";
import type {KnownAnomaly, Scenario} from "./scenario/scenario.ts";

/** What a run found out, for the verdict. */
export interface Found {
  workloads: Record<string, WorkloadResult>;
  histories: Record<string, Pick<History, "trouble" | "operations" | "from" | "to">>;
  faults: readonly FaultResult[];
  recoveredMs?: number;
  /** When the last fault was healed, Unix milliseconds. */
  healedAt?: number;
  /** For each role that must stay: how often it moved, 0 or 1; undefined when it could not be found. */
  moved: readonly (number | undefined)[];
  /** By component. */
  twoHoldersMs: Record<string, number | undefined>;
  /** Members that watchers evicted during the run, by component; undefined when no watcher could be asked. */
  evictions: Record<string, number | undefined>;
  /** Most primary components at the same time, by cluster; only of clusters that were looked at. */
  primaries: Record<string, number | undefined>;
  /** What the configuration allows, beside what was measured. */
  budgets: readonly BudgetResult[];
  /** The standstills of the machine that an outage of each workload may be laid to. */
  excuses: Record<string, readonly Standstill[]>;
  /** What kept a phase from being done, in sentences. */
  troubles: readonly string[];
  /** The recovery did not come within its limit. */
  neverRecovered?: string;
}

/** Why a run is no pass. */
interface Reason {
  text: string;
  /** An outage was longer than allowed by what the machine stood still, and by nothing else. */
  ofMachine: boolean;
}

/** Holds what was found against the bounds. Fail beats unknown beats pass: a broken bound is a fail even where other
 *  things could not be known, and what could not be known is never a pass. */
export function judge(
  scenario: Scenario,
  found: Found,
): Pick<Result, "verdict" | "reasons" | "machineAlone" | "bounds" | "known"> {
  const bounds = boundsOf(scenario, found);
  const known = scenario.anomalies.map(anomaly => lookFor(anomaly, found));
  const over = found.budgets.filter(b => b.measured !== undefined && b.measured > b.ms);
  const past = (verdict: Verdict) => over.filter(b => outageVerdict(b, b.ms) === verdict);
  // Where the bound is the budget, the fault that went over it says more.
  const others = (verdict: Verdict) => {
    const said = past(verdict).filter(b => scenario.bounds.outage[b.workload] === "budget");
    return bounds.filter(b => b.verdict === verdict && !said.some(s => b.bound === `outage ${s.workload}`));
  };
  const broken = [...others("fail").map(b => sayBroken(b, found)), ...past("fail").map(sayOver)];
  const unknown: Reason[] = [
    ...plain(found.troubles),
    ...plain(unconfirmed(found.faults)),
    ...plain(troubledLoads(found)),
    ...others("unknown").map(b => ({text: sayUnknown(b), ofMachine: b.apart !== undefined})),
    ...past("unknown").map(b => ({text: sayOver(b), ofMachine: b.apart !== undefined})),
    ...plain(
      known
        .filter(k => k.measured === undefined)
        .map(k => `Whether ${k.workload} shows the known anomaly "${k.anomaly}" could not be looked for.`),
    ),
  ];
  const verdict = [...broken.map((): Verdict => "fail"), ...unknown.map((): Verdict => "unknown")].reduce(
    worse,
    "pass",
  );
  return {
    verdict,
    reasons: [...broken, ...unknown.map(({text}) => text)],
    ...(verdict === "unknown" && unknown.every(({ofMachine}) => ofMachine) ? {machineAlone: true} : {}),
    bounds,
    ...(known.length > 0 ? {known} : {}),
  };
}

const plain = (texts: readonly string[]): Reason[] => texts.map(text => ({text, ofMachine: false}));

function boundsOf(scenario: Scenario, found: Found): BoundResult[] {
  const {bounds, faults} = scenario;
  const per = (
    kind: string,
    limits: Record<string, number>,
    unit: BoundResult["unit"],
    measure: (name: string) => number | undefined,
    without: (name: string) => number = () => Infinity,
  ) =>
    Object.entries(limits).map(([name, limit]) =>
      excused(bound(`${kind} ${name}`, limit, measure(name), unit), () => without(name)),
    );
  const load = (name: string) => found.workloads[name];
  const measured = (name: string) =>
    load(name) && found.histories[name]!.operations.length > 0 ? load(name) : undefined;
  const recovery: BoundResult[] =
    faults.length === 0
      ? []
      : [
          {
            ...bound("recovered", bounds.recovered, found.recoveredMs, "ms"),
            ...(found.neverRecovered ? {verdict: "fail" as const} : {}),
          },
        ];
  return [
    ...outageBounds(scenario, found, name => measured(name)?.longestOutageMs),
    ...per("lost", {...unbounded(scenario, found), ...bounds.lost}, "count", name => load(name)?.lost),
    ...per(
      "errors",
      bounds.errors,
      "count",
      name => measured(name) && measured(name)!.failed + measured(name)!.unknown,
      name => errorsApart(found, name),
    ),
    ...per(
      "errorsAfterHeal",
      bounds.errorsAfterHeal,
      "count",
      name => measured(name) && errorsAfter(found, name),
      name => errorsApart(found, name, found.healedAt),
    ),
    ...bounds.stays.map(({component, pick}, i) => bound(`stays ${component} ${pick}`, 0, found.moved[i], "count")),
    ...per("hitRate", bounds.hitRate, "ratio", name => load(name)?.hitRate),
    ...per("holders", bounds.holders, "ms", name => found.twoHoldersMs[name]),
    ...bounds.twoHolders.map(name => bound(`twoHolders ${name}`, 1, seen(found.twoHoldersMs[name]), "ratio")),
    ...Object.entries(bounds.evictions).map(([name, limit]) =>
      exactly(`evictions ${name}`, limit, found.evictions[name]),
    ),
    // Whatever a scenario asks for, a cluster that is two has lost.
    ...Object.entries(found.primaries).map(([name, most]) => bound(`primaries ${name}`, 1, most, "count")),
    ...anomalies(scenario, found),
    ...atMost(scenario, found),
    ...recovery,
  ];
}

/** 1: it was seen, 0: it was not. */
const seen = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms > 0 ? 1 : 0);

/** The word `budget` is the largest that a fault of the run has for the workload. */
function outageBounds(scenario: Scenario, found: Found, measured: (name: string) => number | undefined): BoundResult[] {
  return Object.entries(scenario.bounds.outage).map(([name, limit]) => {
    const known = limit === "budget" ? largestBudget(found.budgets, name) : limit;
    const held = bound(`outage ${name}`, known ?? 0, known === undefined ? undefined : measured(name), "ms");
    return excused(held, () => apartFromStandstills(scenario, found, name));
  });
}

/** The longest outage of a workload without what the machine stood still. */
function apartFromStandstills({load}: Scenario, {histories, excuses}: Found, name: string): number {
  const {operations, from, to} = histories[name]!;
  const standstills = excuses[name] ?? [];
  return standstills.length === 0
    ? Infinity
    : outagesOf(operations, {...load[name]!, from, to}, standstills).longestOutageMs;
}

/** What a checker found is wrong whatever the scenario asks for, except what it names as known. */
function anomalies(scenario: Scenario, {workloads}: Found): BoundResult[] {
  return Object.entries(workloads).flatMap(([name, {findings = []}]) => {
    const known = scenario.anomalies.filter(k => k.workload === name).map(k => k.anomaly);
    const others = findings.filter(f => !known.includes(f.anomaly));
    return others.length > 0 ? [bound(`anomalies ${name}`, 0, others.length, "count")] : [];
  });
}

/** What was acknowledged and is gone is wrong as well where the scenario says nothing of it. */
function unbounded({bounds, anomalies}: Scenario, {workloads}: Found): Record<string, number> {
  const lossy = Object.entries(workloads).filter(
    ([name, {lost = 0}]) =>
      lost > 0 && bounds.lost[name] === undefined && !anomalies.some(k => k.workload === name && k.anomaly === "lost"),
  );
  return Object.fromEntries(lossy.map(([name]) => [name, 0]));
}

/** A known anomaly is known up to the extent that the scenario names. */
function atMost({anomalies}: Scenario, found: Found): BoundResult[] {
  return anomalies.flatMap(known =>
    known.most === undefined
      ? []
      : [bound(`known ${known.anomaly} ${known.workload}`, known.most, lookFor(known, found).measured, "count")],
  );
}

/** How often a known anomaly was seen. */
function lookFor({workload, anomaly, because}: KnownAnomaly, {workloads, histories}: Found): KnownResult {
  const result = workloads[workload];
  const counted = anomaly === "lost" || anomaly === "duplicates" ? result?.[anomaly] : undefined;
  const looked = result !== undefined && histories[workload]!.operations.length > 0;
  const findings = result?.findings?.filter(f => f.anomaly === anomaly).length;
  const measured = anomaly === "lost" || anomaly === "duplicates" ? counted : looked ? findings : undefined;
  return {workload, anomaly, because, ...(measured === undefined ? {} : {measured})};
}

/** Operations sent after the last fault was healed that did not succeed. */
function errorsAfter(found: Found, name: string): number | undefined {
  return found.healedAt === undefined ? undefined : errorsSince(found, name, found.healedAt).length;
}

const errorsSince = ({histories}: Pick<Found, "histories">, name: string, since: number): Operation[] =>
  histories[name]!.operations.filter(o => o.sent > since && o.outcome !== "ok");

/** What a machine that stands still brings about (an address that moves, a timeout) shows within this, in
 *  milliseconds. */
const aftermathMs = 1000;

/** How many of them there were while the machine did not stand still. */
function errorsApart(found: Found, name: string, since = 0): number {
  const standstills = found.excuses[name] ?? [];
  if (standstills.length === 0) return Infinity;
  return errorsSince(found, name, since).filter(
    ({sent, done}) => !standstills.some(({from, to}) => sent <= to + aftermathMs && done >= from),
  ).length;
}

/** What is over its limit, held against it once more without what comes of the machine alone. */
function excused(held: BoundResult, without: () => number): BoundResult {
  if (held.verdict !== "fail") return held;
  const apart = without();
  return apart < held.measured! ? {...held, apart, verdict: outageVerdict({...held, apart}, held.limit)} : held;
}

/** Fewer are as wrong as more: a fault that should bring one about and does not has proved nothing. */
function exactly(name: string, limit: number, measured: number | undefined): BoundResult {
  const found = bound(name, limit, measured, "count");
  return measured !== undefined && measured < limit ? {...found, verdict: "fail"} : found;
}

function bound(name: string, limit: number, measured: number | undefined, unit: BoundResult["unit"]): BoundResult {
  const holds = measured !== undefined && (unit === "ratio" ? measured >= limit : measured <= limit);
  return {bound: name, limit, measured, unit, verdict: measured === undefined ? "unknown" : holds ? "pass" : "fail"};
}

function sayBroken(held: BoundResult, {neverRecovered}: Found): string {
  const {bound, limit, unit} = held;
  return sayMeasured(held) ?? neverRecovered ?? `\`${bound}\` was not reached; the limit is ${show(limit, unit)}.`;
}

const sayUnknown = (held: BoundResult): string => sayMeasured(held) ?? `\`${held.bound}\` could not be measured.`;

function sayMeasured({bound, limit, measured, apart, unit}: BoundResult): string | undefined {
  if (measured === undefined) return undefined;
  const [is, may] = besides(measured, limit, (value, more) => show(value, unit, more));
  return `\`${bound}\` is ${is}; the limit is ${may}.${sayApart(measured, apart, unit)}`;
}

/** Of an outage that was longer than allowed, or of errors that were more. */
function sayApart(measured: number, apart: number | undefined, unit: BoundResult["unit"] = "ms"): string {
  if (apart === undefined) return "";
  return unit === "ms"
    ? ` The machine itself stood still for ${showMs(measured - apart)} of it.`
    : ` The machine itself stood still at ${measured - apart} of them.`;
}

function sayOver({workload, fault, ms, terms, measured, apart, before = 0}: BudgetResult): string {
  const machine =
    before > machineMs
      ? ` The machine alone made one of ${showMs(before)} before the fault, and is given ${showMs(machineMs)}.`
      : "";
  const [made, may] = besides(measured!, ms, showMs);
  return `\`${fault}\` made an outage of ${made} for ${workload}; the configuration allows ${may} (${equation(terms)}).${sayApart(measured!, apart)}${machine}`;
}

function show(value: number, unit: BoundResult["unit"], more = 0): string {
  return unit === "ms" ? showMs(value, more) : unit === "ratio" ? value.toFixed(2 + more) : String(value);
}

function unconfirmed(faults: readonly FaultResult[]): string[] {
  return faults
    .filter(f => f.confirmed === undefined)
    .map(f => `The fault "${f.asked}" was not shown to have taken effect${f.evidence ? `: ${f.evidence}` : ""}.`);
}

function troubledLoads({histories}: Found): string[] {
  return Object.entries(histories).flatMap(([name, {trouble, operations}]) => {
    if (trouble) return [`Workload ${name}: ${trouble}`];
    return operations.length === 0 ? [`Workload ${name} recorded no operation.`] : [];
  });
}
