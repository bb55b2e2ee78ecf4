import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {Check} from "../../lib/analysis/check.ts";
import type {History} from "../../lib/history.ts";
import {type MariaDb, startMariaDb} from "../../test/mariadb.ts";
import {localClient} from "../local-client.ts";
import {fillOptions} from "../options.ts";
import {findWorkload} from "../registry.ts";

let db: MariaDb;
test.before(async () => {
  db = await startMariaDb(`holdfast-sql-${process.pid}`);
});
test.after.always(() => db?.remove());

let runs = 0;

/** Runs a workload on a single MariaDB without faults, and judges it. */
async function run(
  workload: string,
  given: Record<string, unknown>,
  ms = 6000,
  rate = 200,
): Promise<{found: Check; history: History}> {
  const plugin = findWorkload(workload)!;
  const {options} = fillOptions(plugin.options, {connectTimeout: "5s", ...given});
  const {password, remove: _, ...target} = db;
  const order = {
    name: workload,
    workload,
    clients: 8,
    rate,
    timeoutMs: plugin.timeoutMs,
    maxMs: ms + 60_000,
    seed: 7,
    run: `t${++runs}`,
    target: {...target, protocol: "mysql" as const},
    options,
  };
  const {client, exited} = localClient(order, password);
  await client.ready();
  await client.start();
  await sleep(ms);
  await client.stop();
  await client.read(30_000);
  await client.end();
  await exited;
  return {found: plugin.check(client.history), history: client.history};
}

const clean: [workload: string, options: Record<string, unknown>][] = [
  ["list-append", {}],
  ["list-append", {isolation: "repeatable-read", locking: true}],
  ["list-append", {isolation: "snapshot"}],
  ["bank", {}],
  ["bank", {isolation: "snapshot", locking: false}],
  ["for-update", {}],
  ["register", {sync: true}],
  ["sql-append", {}],
];
for (const [workload, options] of clean) {
  test.serial(`${workload} ${JSON.stringify(options)}: a single server without faults shows nothing`, async t => {
    const {found, history} = await run(workload, options);
    t.is(history.trouble, undefined);
    t.true(history.operations.filter(o => o.outcome === "ok").length > 300);
    t.deepEqual(found.findings, []);
    t.is(found.lost ?? 0, 0);
    t.true(history.finalRead!.length > 0);
  });
}

const broken: [workload: string, options: Record<string, unknown>, anomalies: string[]][] = [
  ["list-append", {isolation: "repeatable-read", keys: 2}, ["lost-update"]],
  ["list-append", {isolation: "read-committed", keys: 2}, ["G-single", "lost-update"]],
  ["list-append", {isolation: "read-uncommitted", keys: 2}, ["G1b"]],
  ["bank", {isolation: "repeatable-read", locking: false, accounts: 3}, ["total-drift"]],
  ["for-update", {isolation: "repeatable-read", locking: false, counters: 1}, ["lost-update"]],
];
for (const [workload, options, anomalies] of broken) {
  test.serial(`${workload} ${JSON.stringify(options)}: a real server shows ${anomalies.join(" and ")}`, async t => {
    const {found} = await run(workload, options, 8000, 600);
    const seen = new Set(found.findings.map(f => f.anomaly));
    t.log([...seen].join(", "), found.findings[0]?.text);
    for (const anomaly of anomalies) t.true(seen.has(anomaly), `${anomaly} is not among ${[...seen].join(", ")}`);
    for (const finding of found.findings) t.true(finding.operations.length > 0);
  });
}

test.serial("for-update: contention on one row is counted as deadlocks where reads upgrade their lock", async t => {
  const {found} = await run("for-update", {isolation: "serializable", locking: false, counters: 1}, 6000, 400);
  t.deepEqual(found.findings, []);
  t.regex(found.notes!.join(), /ended with 1213/);
});
