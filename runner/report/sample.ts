import type {Result, WorkloadResult} from "../../lib/result.ts";

const start = Date.UTC(2026, 10, 23, 19, 0, 0);
const bucketMs = 250;

/** A number from 0 to 1 that looks random and is the same every time. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

interface Shape {
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

function workload(shape: Shape, loadFrom: number, loadTo: number, seed: number): WorkloadResult {
  const clients = 4;
  const perBucket = (shape.rate * bucketMs) / 1000;
  const series: WorkloadResult["series"] = [];
  for (let at = loadFrom; at < loadTo; at += bucketMs) {
    const since = at - start - shape.outage;
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
    const from = start + shape.outage + Math.round(30 * noise(seed + client));
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

/** A result as a run of a zone fault would give it, always the same: for tests and for the pictures of the docs. */
export function sampleResult(change: Partial<Result> = {}): Result {
  const load = start + 4_200;
  const fault = load + 5_000;
  const heal = fault + 8_000;
  const healthy = heal + 9_300;
  const settle = healthy + 1_500;
  const end = settle + 4_400;
  const at = (ms: number) => fault - start + ms;
  const rows = workload(
    {workload: "sql-append", endpoint: "sql", rate: 200, latency: 3.4, outage: at(20), outageMs: 1_840},
    load,
    settle,
    7,
  );
  const jobs = workload(
    {workload: "amqp-confirm", endpoint: "amqp", rate: 120, latency: 1.9, outage: at(60), outageMs: 410},
    load,
    settle,
    41,
  );
  const states = (hit: boolean, down: string, joining: string, up: string) => [
    {at: start, state: up, healthy: true},
    ...(hit
      ? [
          {at: fault + 180, state: down, healthy: false},
          {at: heal + 1_900, state: joining, healthy: false},
          {at: healthy - 400, state: up, healthy: true},
        ]
      : []),
  ];
  const member = (name: string, component: string, zone: string, up: string, joining: string) => ({
    member: name,
    component,
    zone,
    states: states(zone === "a", "not running", joining, up),
  });
  return {
    version: 1,
    scenario: "zone/lost",
    summary: "Everything in one zone is killed at once: the zone that holds the virtual IP and the writer.",
    stack: "lab/lab",
    verdict: "pass",
    reasons: [],
    seed: 20261123,
    command: "./holdfast run scenarios/zone/lost.yaml --seed 20261123",
    started: start,
    ended: end,
    phases: [
      {name: "ready", from: start, to: load},
      {name: "load", from: load, to: fault},
      {name: "fault", from: fault, to: heal},
      {name: "heal", from: heal, to: healthy},
      {name: "settle", from: healthy, to: settle},
      {name: "read", from: settle, to: settle + 900},
      {name: "verdict", from: settle + 900, to: settle + 950},
      {name: "converge", from: settle + 950, to: end},
    ],
    workloads: {rows, jobs},
    faults: [
      {
        fault: "kill",
        asked: "kill everything in the zone of the galera writer",
        members: ["galera-0", "rabbitmq-0", "vip-0", "memcached-0"],
        injected: fault,
        confirmed: fault + 180,
        healed: heal,
        evidence: "docker: 4 of 4 containers exited with code 137; galera-1 says cluster size 2",
      },
    ],
    recoveredMs: healthy - heal,
    converged: true,
    bounds: [
      {bound: "outage rows", limit: 3_500, measured: rows.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "outage jobs", limit: 3_500, measured: jobs.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "lost rows", limit: 0, measured: 0, unit: "count", verdict: "pass"},
      {bound: "lost jobs", limit: 0, measured: 0, unit: "count", verdict: "pass"},
      {bound: "recovered", limit: 60_000, measured: healthy - heal, unit: "ms", verdict: "pass"},
    ],
    members: [
      ...["a", "b", "c"].map((zone, i) =>
        member(`galera-${i}`, "galera", zone, i === 1 ? "Synced" : "Synced", "Joiner: state transfer"),
      ),
      ...["a", "b", "c"].map((zone, i) => member(`rabbitmq-${i}`, "rabbitmq", zone, "running", "starting")),
      ...["a", "b"].map((zone, i) => member(`vip-${i}`, "vip", zone, i ? "backup" : "holder", "starting")),
      ...["a", "b", "c"].map((zone, i) => member(`memcached-${i}`, "memcached", zone, "running", "starting")),
    ],
    machine: {cores: 2, memory: "7.8 GiB", docker: "20.10.24", pulumi: "3.259.0", node: "24.21.0", load1: 1.7},
    ...change,
  };
}

/** The same run with a broken bound, a lost row and a fault that could not be shown. */
export function sampleFailure(): Result {
  const result = sampleResult({scenario: "galera/writer-paused", verdict: "fail"});
  const rows = result.workloads.rows!;
  rows.lost = 1;
  rows.longestOutageMs = 5_210;
  result.bounds = [
    {bound: "outage rows", limit: 4_000, measured: 5_210, unit: "ms", verdict: "fail"},
    {bound: "lost rows", limit: 0, measured: 1, unit: "count", verdict: "fail"},
    {bound: "recovered", limit: 60_000, unit: "ms", verdict: "unknown"},
  ];
  result.reasons = [
    "outage rows: 5.21 s without an acknowledged operation, allowed are 4.00 s",
    "lost rows: 1 acknowledged row is not there at the final read, allowed is 0",
    "recovered: galera-0 was not healthy within 60 s after heal (last seen: Joiner: state transfer)",
  ];
  delete result.recoveredMs;
  result.converged = false;
  for (const fault of result.faults) {
    delete fault.confirmed;
    delete fault.evidence;
  }
  return result;
}

/** A cache run, where the share of hits is what counts. */
export function sampleCache(): Result {
  const base = sampleResult();
  const load = base.phases[1]!;
  const cache = workload(
    {workload: "memcached-kv", endpoint: "cache", rate: 300, latency: 0.4, outage: 9_240, outageMs: 260, hits: true},
    load.from,
    base.phases[4]!.to,
    90,
  );
  return sampleResult({
    scenario: "memcached/member-killed",
    summary: "One member of the memcached pool is killed.",
    workloads: {cache},
    bounds: [
      {bound: "outage cache", limit: 1_000, measured: cache.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "hit rate cache", limit: 0.5, measured: 0.931, unit: "ratio", verdict: "pass"},
    ],
    members: base.members.filter(m => m.component === "memcached"),
  });
}
