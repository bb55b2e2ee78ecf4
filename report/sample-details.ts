import type {Operation} from "../lib/history.ts";
import type {BudgetResult, FaultResult, Finding, KnownResult, MemberLog} from "../lib/result.ts";
import {sampleStart} from "./sample-workload.ts";

/** Budgets of a zone that is lost, with the terms that they are made of. */
export function sampleBudgets(measured: {rows: number; jobs: number}): BudgetResult[] {
  return [
    {
      workload: "rows",
      fault: "kill everything in the zone of the galera writer",
      ms: 2_950,
      terms: [
        {name: "advert interval × 3", ms: 150},
        {name: "skew of the priority", ms: 50},
        {name: "suspect timeout", ms: 1_000},
        {name: "inactive check", ms: 250},
        {name: "HAProxy check × fall 2", ms: 400},
        {name: "rise of the new writer", ms: 600},
        {name: "connect again", ms: 500},
      ],
      measured: measured.rows,
      afterHeal: 240,
    },
    {
      workload: "jobs",
      fault: "kill everything in the zone of the galera writer",
      ms: 900,
      terms: [
        {name: "advert interval × 3", ms: 150},
        {name: "skew of the priority", ms: 50},
        {name: "mirror is promoted", ms: 450},
        {name: "connect again", ms: 250},
      ],
      measured: measured.jobs,
    },
  ];
}

/** One that was seen, one that was not, one that could not be looked for. */
export function sampleKnown(): KnownResult[] {
  return [
    {
      workload: "rows",
      anomaly: "lost-update",
      because: "Galera 4 does not honour first-committer-wins with several writers (MDEV-38974).",
      measured: 1,
    },
    {
      workload: "jobs",
      anomaly: "duplicates",
      because: "A confirm that was lost with its connection makes the client publish again.",
      measured: 0,
    },
    {workload: "jobs", anomaly: "lost", because: "Mirrored queues lose messages under autoheal."},
  ];
}

/** Two transactions that read the same version and both replaced it, and a read that went back in time. */
export function sampleFindings(): Finding[] {
  const begin = sampleStart + 9_410;
  const transaction = (client: number, from: number, ms: number, data: unknown, change: Partial<Operation> = {}) => ({
    client,
    kind: "txn",
    due: begin + from,
    sent: begin + from,
    done: begin + from + ms,
    outcome: "ok" as const,
    data,
    ...change,
  });
  const list = Array.from({length: 41}, (_, i) => i + 1);
  return [
    {
      anomaly: "lost-update",
      text: "A write was made from a version that another transaction had replaced meanwhile: T1 read key 7 when it ended with 41, and T2 appended 42 after that (rw); T2 read key 7 when it ended with 41, and T1 appended 43 after that (rw). So each comes before the other.",
      operations: [
        transaction(0, 0, 31.4, [
          ["r", 7, list],
          ["append", 7, 43],
        ]),
        transaction(3, 6.2, 18.9, [
          ["r", 7, list],
          ["append", 7, 42],
        ]),
        transaction(1, 61, 4.1, [["r", 7, [...list, 42, 43]]]),
      ],
    },
    {
      anomaly: "stale-read",
      text: "Client 2 read 118 from register 4 after it had read 121.",
      operations: [
        {
          client: 2,
          kind: "read",
          due: begin + 120,
          sent: begin + 120.4,
          done: begin + 122.9,
          outcome: "ok",
          value: "4=121",
        },
        {
          client: 0,
          kind: "write",
          due: begin + 131,
          sent: begin + 131.2,
          done: begin + 381.2,
          outcome: "unknown",
          value: "4=122",
          error: "ECONNRESET",
        },
        {
          client: 2,
          kind: "read",
          due: begin + 140,
          sent: begin + 141,
          done: begin + 143.6,
          outcome: "ok",
          value: "4=118",
        },
      ],
    },
  ];
}

/** What the members of a zone fault say. */
export function sampleLogs({members, injected, healed = injected}: FaultResult): MemberLog[] {
  const say = (member: string, process: string, lines: [after: number, text: string][], more?: number): MemberLog => ({
    fault: 0,
    member,
    process,
    lines: lines.map(([after, text]) => ({at: injected + after, text})),
    ...(more ? {more} : {}),
  });
  const back = healed - injected;
  return [
    say(members[0]!, "main", [
      [-1_210, "[Note] WSREP: Server galera-0 synced with group"],
      [back + 640, "[Note] WSREP: Recovered position from storage: 8a1c0f4e-e7c6-11f0-9a41-52b1c9f2d6aa:4127"],
      [back + 2_204, "[Note] WSREP: Shifting OPEN -> PRIMARY (TO: 4831)"],
      [back + 2_950, "[Note] WSREP: Receiving IST: 704 writesets, seqnos 4128-4831"],
    ]),
    say(members[0]!, "answerer", [[back + 700, "answering on 198.18.0.18:8081, state not known yet"]]),
    say("galera-1", "main", [
      [1_102, "[Note] WSREP: (c91e77ad, 'tcp://198.18.1.17:4567') suspecting node: 3f0d5a52"],
      [1_121, "[Note] WSREP: evs::proto(c91e77ad, GATHER) suspected node without join message, declaring inactive"],
      [1_388, "[Note] WSREP: New cluster view: group UUID 8a1c0f4e, primary, 2 members"],
      [
        back + 2_201,
        "[Note] WSREP: New cluster view: group UUID 8a1c0f4e, primary, 3 members <galera-0> joined & asks for IST",
      ],
    ]),
    say(
      "vip-1",
      "main",
      [
        [-400, '198.18.0.130:40112 [23/Nov/2026:19:00:08.8] sql galera/galera-0 0/0/12 220 -- 4/4/4/4/0 0/0 "app"'],
        [402, "Server galera/galera-0 is DOWN, reason: Layer4 timeout, check duration: 200ms. 2 active servers left."],
      ],
      218,
    ),
    say("vip-1", "keepalived", [[184, "(sql) Entering MASTER STATE"]]),
  ];
}
