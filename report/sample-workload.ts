import type {WorkloadResult} from "../lib/result.ts";

/** Begin of every sample run, Unix milliseconds. */
export const sampleStart = Date.UTC(2026, 10, 23, 19, 0, 0);
const bucketMs = 250;

/** A number from 0 to 1 that looks random and is the same every time. */
export function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

/** What the figures of a sample workload look like. */
export interface Shape {
  workload: string;
  endpoint: string;
  rate: number;
  /** Typical latency in milliseconds. */
  latency: number;
  /** No answers from here on, milliseconds after the start. */
  outage: number;
  /** How long, for the client that waited longest. */
  outageMs: number;
  hits?: boolean;
}

/** A workload that stands still once, with noise that is the same every time. */
export function sampleWorkload(shape: Shape, loadFrom: number, loadTo: number, seed: number): WorkloadResult {
  const clients = 4;
  const perBucket = (shape.rate * bucketMs) / 1000;
  const series: WorkloadResult["series"] = [];
  for (let at = loadFrom; at < loadTo; at += bucketMs) {
    const since = at - sampleStart - shape.outage;
    const dark = since >= 0 && since < shape.outageMs - bucketMs;
    const after = since >= 0 && since < shape.outageMs + 500;
    const n = noise(seed + at / bucketMs);
    const p50 = shape.latency * (0.85 + 0.3 * n) * (after ? 3 : 1);
    const p99 = p50 * (2.2 + 1.5 * noise(at + seed));
    series.push({
      at,
      ok: dark ? 0 : Math.round(perBucket * (0.94 + 0.12 * n)),
      failed: dark ? Math.round(perBucket * 0.3) : 0,
      unknown: after && since < bucketMs ? clients : 0,
      ...(dark ? {} : {p50, p99, max: after && !dark ? shape.outageMs * (0.8 + 0.2 * n) : p99 * (1.1 + n)}),
      ...(shape.hits ? {hitRate: since < 0 ? 0.985 : Math.min(0.985, 0.66 + Math.max(0, since) / 40_000)} : {}),
    });
  }
  const outages = [...Array(clients).keys()].map(client => {
    const from = sampleStart + shape.outage + Math.round(30 * noise(seed + client));
    const ms = Math.round(shape.outageMs * (1 - 0.13 * noise(seed * 3 + client)));
    return {client, from, to: from + ms, ms, errors: {ECONNRESET: 1, timeout: client === 0 ? 2 : 1}};
  });
  const sum = (of: "ok" | "failed" | "unknown") => series.reduce((total, row) => total + row[of], 0);
  return {
    workload: shape.workload,
    endpoint: shape.endpoint,
    clients,
    rate: shape.rate,
    acknowledged: sum("ok"),
    failed: sum("failed"),
    unknown: sum("unknown"),
    ...(shape.hits ? {hitRate: 0.931} : {lost: 0, duplicates: shape.workload === "amqp-confirm" ? 2 : 0, recovered: 2}),
    longestOutageMs: Math.max(...outages.map(o => o.ms)),
    outages,
    latencyMs: {
      p50: shape.latency,
      p99: shape.latency * 3.1,
      max: Math.max(...series.map(row => row.max ?? 0)),
    },
    errors: {ECONNRESET: clients, timeout: clients + 1, "1047 WSREP has not yet prepared node": sum("failed")},
    bucketMs,
    series,
  };
}
