import type {FaultResult, Result} from "../lib/result.ts";
import {sampleBudgets, sampleFindings, sampleKnown, sampleLogs} from "./sample-details.ts";
import {noise, sampleStart, sampleWorkload} from "./sample-workload.ts";

/** A result as a run of a zone fault would give it, always the same: for tests and for the pictures of the docs. */
export function sampleResult(change: Partial<Result> = {}): Result {
  const load = sampleStart + 4_200;
  const fault = load + 5_000;
  const heal = fault + 8_000;
  const healthy = heal + 9_300;
  const settle = healthy + 1_500;
  const end = settle + 4_400;
  const at = (ms: number) => fault - sampleStart + ms;
  const rows = sampleWorkload(
    {workload: "sql-append", endpoint: "sql", rate: 200, latency: 3.4, outage: at(20), outageMs: 1_840},
    load,
    settle,
    7,
  );
  const jobs = sampleWorkload(
    {workload: "amqp-confirm", endpoint: "amqp", rate: 120, latency: 1.9, outage: at(60), outageMs: 410},
    load,
    settle,
    41,
  );
  const states = (hit: boolean, down: string, joining: string, up: string) => [
    {at: sampleStart, state: up, healthy: true},
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
  const zoneFault: FaultResult = {
    fault: "kill",
    asked: "kill everything in the zone of the galera writer",
    members: ["galera-0", "rabbitmq-0", "vip-0", "memcached-0"],
    injected: fault,
    confirmed: fault + 180,
    healed: heal,
    evidence: "docker: 4 of 4 containers exited with code 137; galera-1 says cluster size 2",
  };
  return {
    version: 1,
    scenario: "zone/lost",
    summary: "Everything in one zone is killed at once: the zone that holds the virtual IP and the writer.",
    stack: "lab/lab",
    verdict: "pass",
    reasons: [],
    seed: 20261123,
    command: "./holdfast run scenarios/zone/lost.yaml --seed 20261123",
    started: sampleStart,
    ended: end,
    phases: [
      {name: "ready", from: sampleStart, to: load},
      {name: "load", from: load, to: fault},
      {name: "fault", from: fault, to: heal},
      {name: "heal", from: heal, to: healthy},
      {name: "settle", from: healthy, to: settle},
      {name: "read", from: settle, to: settle + 900},
      {name: "verdict", from: settle + 900, to: settle + 950},
      {name: "converge", from: settle + 950, to: end},
    ],
    workloads: {rows, jobs},
    faults: [zoneFault],
    recoveredMs: healthy - heal,
    converged: true,
    bounds: [
      {bound: "outage rows", limit: 3_500, measured: rows.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "outage jobs", limit: 3_500, measured: jobs.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "lost rows", limit: 0, measured: 0, unit: "count", verdict: "pass"},
      {bound: "lost jobs", limit: 0, measured: 0, unit: "count", verdict: "pass"},
      {bound: "recovered", limit: 60_000, measured: healthy - heal, unit: "ms", verdict: "pass"},
    ],
    budgets: sampleBudgets({rows: rows.longestOutageMs, jobs: jobs.longestOutageMs}),
    settings: {profile: "tight", "galera.flush": "commit"},
    logs: sampleLogs(zoneFault),
    members: [
      ...["a", "b", "c"].map((zone, i) => member(`galera-${i}`, "galera", zone, "Synced", "Joiner: state transfer")),
      ...["a", "b", "c"].map((zone, i) => member(`rabbitmq-${i}`, "rabbitmq", zone, "running", "starting")),
      ...["a", "b"].map((zone, i) => member(`vip-${i}`, "vip", zone, i ? "backup" : "holder", "starting")),
      ...["a", "b", "c"].map((zone, i) => member(`memcached-${i}`, "memcached", zone, "running", "starting")),
    ],
    machine: {
      cores: 2,
      loadAverage: 1.7,
      memoryMiB: 24_090,
      kernel: "6.1.0",
      system: "Debian GNU/Linux 12 (bookworm)",
      docker: "20.10.24",
      node: "v24.21.0",
    },
    ...change,
  };
}

/** The same run with a broken bound, a lost row and a fault that could not be shown. */
export function sampleFailure(): Result {
  const result = sampleResult({scenario: "galera/writer-paused", verdict: "fail"});
  const rows = result.workloads.rows!;
  rows.lost = 1;
  rows.longestOutageMs = 5_210;
  rows.findings = sampleFindings();
  rows.notes = ["5 120 transactions over 10 keys were searched for cycles."];
  result.known = sampleKnown();
  result.budgets = sampleBudgets({rows: 5_210, jobs: result.workloads.jobs!.longestOutageMs});
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
  const [fault] = result.faults;
  result.standstills = [
    {of: "disk", from: fault!.injected + 2_000, to: fault!.injected + 2_610},
    {of: "disk", from: fault!.injected + 4_000, to: fault!.injected + 4_130},
    {of: "processor", from: fault!.injected + 2_040, to: fault!.injected + 2_240},
  ];
  result.restarts = [{member: "galera-2", process: "answerer"}];
  delete result.recoveredMs;
  result.converged = false;
  for (const fault of result.faults) {
    delete fault.confirmed;
    delete fault.evidence;
  }
  return result;
}

/** One scenario under three sets of values, three times each: what a comparison shows. */
export function sampleProfiles(): Result[] {
  const profiles: {settings: Record<string, string>; outageMs: number; budget: number}[] = [
    {settings: {}, outageMs: 310, budget: 450},
    {settings: {profile: "kolla"}, outageMs: 2_900, budget: 4_000},
    {settings: {profile: "openstack-ansible"}, outageMs: 4_150, budget: 5_300},
  ];
  return profiles.flatMap(({settings, outageMs, budget}, n) =>
    [0, 1, 2].map(round => {
      const spread = outageMs * (0.85 + 0.35 * noise(n * 7 + round));
      const base = sampleResult();
      const rows = sampleWorkload(
        {workload: "sql-append", endpoint: "sql", rate: 200, latency: 3.4, outage: 9_220, outageMs: spread},
        base.phases[1]!.from,
        base.phases[4]!.to,
        n * 31 + round,
      );
      const bounds: Result["bounds"] = [
        {bound: "outage rows", limit: 5_000, measured: rows.longestOutageMs, unit: "ms", verdict: "pass"},
      ];
      const terms = [
        {name: "advert interval × 3", ms: budget * 0.8},
        {name: "connect again", ms: budget * 0.2},
      ];
      return sampleResult({
        scenario: "vip/holder-killed",
        summary: "The member that holds the virtual address is killed.",
        started: base.started + (n * 3 + round) * 60_000,
        ended: base.ended + (n * 3 + round) * 60_000,
        seed: 42 + round,
        settings,
        workloads: {rows},
        bounds,
        budgets: [{workload: "rows", fault: "kill vip holder", ms: budget, terms, measured: rows.longestOutageMs}],
      });
    }),
  );
}

/** A cache run, where the share of hits is what counts. */
export function sampleCache(): Result {
  const base = sampleResult();
  const load = base.phases[1]!;
  const cache = sampleWorkload(
    {workload: "memcached-kv", endpoint: "cache", rate: 300, latency: 0.4, outage: 9_240, outageMs: 260, hits: true},
    load.from,
    base.phases[4]!.to,
    90,
  );
  const {
    budgets: _,
    settings: __,
    logs: ___,
    ...bare
  } = sampleResult({
    scenario: "memcached/member-killed",
    summary: "One member of the memcached pool is killed.",
    workloads: {cache},
    bounds: [
      {bound: "outage cache", limit: 1_000, measured: cache.longestOutageMs, unit: "ms", verdict: "pass"},
      {bound: "hit rate cache", limit: 0.5, measured: 0.931, unit: "ratio", verdict: "pass"},
    ],
    members: base.members.filter(m => m.component === "memcached"),
  });
  return bare;
}
