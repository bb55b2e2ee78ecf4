import {readFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {projectRoot} from "../../lib/paths.ts";
import type {FailoverRun} from "../failover/figures.ts";
import type {FailoverResults} from "../failover/results.ts";
import type {NeighboursResults} from "../neighbours/results.ts";
import {failoverTable} from "./failover.ts";
import {neighboursTable} from "./neighbours.ts";
import {putSection, sectionOf} from "./readme.ts";
import {sections} from "./sections.ts";

const page = readFileSync(join(projectRoot, "docs/measurements.md"), "utf8");
for (const [name, text] of Object.entries(sections()))
  test(`the section ${name} of docs/measurements.md is what the newest results give`, t => {
    t.is(sectionOf(page, name), text.trim(), "write it with: bench/run tables");
  });

const common = {
  version: 1 as const,
  began: "2026-01-01T23:00:00.000Z",
  ended: "2026-01-02T01:00:00.000Z",
  commit: "0123456789ab",
  machine: {cores: 2, memoryMiB: 24_000, system: "Debian", kernel: "6.1", docker: "20.10"},
};
const run = (profile: string, fault: string, outageMs: number, more: Partial<FailoverRun> = {}): FailoverRun => ({
  ...{profile, fault, number: 1, began: common.began, verdict: "pass", reasons: []},
  ...{outageMs, acknowledged: 100, lost: 0},
  ...more,
});

test("outages with their ratio and goals", t => {
  const results = {
    ...common,
    bench: "failover",
    profiles: [
      {name: "holdfast", title: "Holdfast's defaults"},
      {name: "kolla-ansible", title: "kolla-ansible"},
    ],
    runs: [
      run("kolla-ansible", "vip-holder-killed", 3000),
      run("holdfast", "vip-holder-killed", 250),
      run("holdfast", "galera-writer-killed", 1500, {verdict: "fail", reasons: ["It was slow."], lost: 2}),
      run("kolla-ansible", "galera-writer-killed", 9000, {untilHealed: true}),
    ],
  } as unknown as FailoverResults;
  const lines = failoverTable(results).split("\n");
  t.is(
    lines[0],
    "Measured 2026-01-01 to 2026-01-02 at commit 0123456789ab: 2 cores, 23 GiB, Debian, Linux 6.1, docker 20.10.",
  );
  const has = (line: string) => t.true(lines.includes(line), `${line}\nin\n${lines.join("\n")}`);
  has("| VIP holder killed | Holdfast's defaults | 250 ms, **250 ms**, 250 ms | 1 | 0 of 100 | – |");
  has("|  | kolla-ansible | 3.00 s, **3.00 s**, 3.00 s | 1 | 0 of 100 | **12 ×** (12 × to 12 ×) |");
  has("|  | kolla-ansible | 9.00 s, **9.00 s**, 9.00 s or more | 1 | 0 of 100 | ≥ **6.0 ×** (6.0 × to 6.0 ×) |");
  has("| VIP holder killed | kolla-ansible | 6 | 12 ×, reached |");
  has("| Galera writer killed | kolla-ansible | 8 | ≥ 6.0 ×, not reached |");
  has("| Galera member killed | kolla-ansible | 10 | not measured |");
  has("- Galera writer killed, holdfast, run 1: fail. It was slow.");
});

test("false alarms, ours first", t => {
  const results = {
    ...common,
    bench: "neighbours",
    runs: [
      {profile: "peer", title: "A peer", minutes: 10, neighbours: 2, verdict: "error", reasons: ["It broke."]},
      {
        ...{
          profile: "holdfast",
          title: "Holdfast's defaults",
          minutes: 10,
          neighbours: 2,
          verdict: "pass",
          reasons: [],
        },
        alarms: {galeraViews: 0, holderChanges: 1, serversDown: 2, rabbitmqDown: 3, restarts: 4},
        outagesMs: {rows: 120, orders: 2300},
      },
    ],
  } as unknown as NeighboursResults;
  const lines = neighboursTable(results).split("\n");
  t.is(lines[4], "| Holdfast's defaults | 10 min | 0 | 1 | 2 | 3 | 4 | 120 ms, 2.30 s |");
  t.is(lines[5], "| A peer | 10 min | – | – | – | – | – | – |");
  t.true(lines.includes("- A peer: error. It broke."));
});

test("a section is put between its markers and found there", t => {
  const document = "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb\n";
  const after = putSection(document, "x", "new\n");
  t.is(after, "a\n<!-- bench:x -->\nnew\n<!-- /bench:x -->\nb\n");
  t.is(sectionOf(after, "x"), "new");
  t.is(putSection(after, "x", "new"), after);
  t.throws(() => putSection(document, "y", ""), {message: /has no <!-- bench:y -->/});
});
