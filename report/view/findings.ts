import type {Operation} from "../../lib/history.ts";
import type {Finding, KnownResult, Result} from "../../lib/result.ts";
import * as words from "../words.ts";

/** Findings that the page shows of one workload; report.json has all. */
const shown = 10;

/** An anomaly with the history that shows it. */
export interface FindingView {
  workload: string;
  anomaly: string;
  text: string;
  /** The scenario names it as known of this version. */
  known: boolean;
  operations: OperationView[];
}

export interface OperationView {
  /** `T1` of a transaction, `1` of another operation: the text refers to it. */
  name: string;
  client: number;
  kind: string;
  sent: string;
  took: string;
  did: string;
  outcome: Operation["outcome"];
  error: string;
  /** When it ran, in percent of the time of the whole history. */
  left: number;
  width: number;
}

export interface KnownView {
  workload: string;
  anomaly: string;
  because: string;
  seen: string;
  state: "seen" | "gone" | "open";
}

/** The findings of all workloads, and how many are not shown. */
export function findingsOf(result: Result): {findings: FindingView[]; more: number} {
  const all = Object.entries(result.workloads).map(([workload, {findings = []}]) => ({workload, findings}));
  const known = (workload: string, anomaly: string) =>
    (result.known ?? []).some(k => k.workload === workload && k.anomaly === anomaly);
  return {
    findings: all.flatMap(({workload, findings}) =>
      findings.slice(0, shown).map(f => ({
        workload,
        anomaly: f.anomaly,
        text: f.text,
        known: known(workload, f.anomaly),
        operations: historyOf(result, f),
      })),
    ),
    more: all.reduce((sum, {findings}) => sum + Math.max(0, findings.length - shown), 0),
  };
}

/** What was expected of this version of the software, and whether it was seen. */
export function knownOf(known: readonly KnownResult[] = []): KnownView[] {
  return known.map(({workload, anomaly, because, measured}) => ({
    workload,
    anomaly,
    because,
    seen: measured === undefined ? "could not be looked for" : measured ? words.count(measured) : "not in this run",
    state: measured === undefined ? "open" : measured ? "seen" : "gone",
  }));
}

function historyOf(result: Result, {operations}: Finding): OperationView[] {
  const from = Math.min(...operations.map(o => o.sent));
  const length = Math.max(1e-3, Math.max(...operations.map(o => o.done)) - from);
  const transactions = operations.every(o => Array.isArray(o.data));
  return operations.map((o, i) => ({
    name: `${transactions ? "T" : ""}${i + 1}`,
    client: o.client,
    kind: o.kind,
    sent: words.since(result, o.sent, 3),
    took: words.showLatency(Math.max(0, o.done - o.sent)),
    did: showDone(o),
    outcome: o.outcome,
    error: o.error ?? "",
    left: ((o.sent - from) / length) * 100,
    width: ((o.done - o.sent) / length) * 100,
  }));
}

/** What an operation did: `r 7 → […, 4, 5]`, `append 7 ← 6` of a transaction, else its value and data. */
export function showDone({value, data}: Pick<Operation, "value" | "data">): string {
  const parts = [
    ...(value === undefined ? [] : [String(value)]),
    ...(data === undefined ? [] : [isSteps(data) ? data.map(showStep).join("\n") : JSON.stringify(data)]),
  ];
  return cut(parts.join(" ")) || "–";
}

type Step = [what: string, key: string | number, value?: unknown];

function isSteps(data: unknown): data is Step[] {
  return (
    Array.isArray(data) && data.length > 0 && data.every(step => Array.isArray(step) && typeof step[0] === "string")
  );
}

function showStep([what, key, value]: Step): string {
  if (value === undefined) return `${what} ${key} → not known`;
  const sign = /^(r|read|get)$/.test(what) ? "→" : "←";
  return `${what} ${key} ${sign} ${Array.isArray(value) ? showList(value) : JSON.stringify(value)}`;
}

/** The end of a long list is where anomalies are. */
function showList(list: unknown[]): string {
  const last = list.slice(-6).map(v => JSON.stringify(v));
  return `[${list.length > last.length ? `${list.length - last.length} more, … ` : ""}${last.join(", ")}]`;
}

function cut(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600).toWellFormed()}…` : text;
}
