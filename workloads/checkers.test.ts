import {readFileSync} from "node:fs";
import test from "ava";
import type {History, Operation} from "../lib/history.ts";
import {programs} from "./client/programs.ts";
import {fillOptions} from "./options.ts";
import {findWorkload, suits, workloads} from "./registry.ts";

const op = (kind: string, rest: Partial<Operation>): Operation => ({
  client: 0,
  kind,
  due: 0,
  sent: 0,
  done: 1,
  outcome: "ok",
  ...rest,
});
const history = (workload: string, operations: Operation[], rest: Partial<History> = {}): History => ({
  workload,
  clients: 1,
  operations,
  ...rest,
});
const check = (workload: string, given: History) => findWorkload(workload)!.check(given);

test("sql-append: a planted loss, an unknown row that landed, and a repeated statement are seen", t => {
  const operations = [
    op("append", {value: "0-0"}),
    op("append", {value: "0-1"}),
    op("append", {value: "0-2", outcome: "unknown", error: "timeout"}),
    op("append", {value: "0-3", outcome: "failed", error: "1062"}),
  ];
  const {findings, notes, ...figures} = check(
    "sql-append",
    history("sql-append", operations, {finalRead: ["0-0", "0-2", "0-3"]}),
  );
  t.deepEqual(figures, {lost: 1, duplicates: 0, recovered: 2});
  t.regex(notes!.join(), /0-1/);
  t.like(findings, [{anomaly: "repeated-statement", operations: [{value: "0-3"}]}]);
});

test("amqp-confirm: a message delivered twice is a duplicate, not a loss", t => {
  const operations = [op("publish", {value: "0-0"}), op("publish", {value: "0-1", outcome: "unknown"})];
  t.deepEqual(check("amqp-confirm", history("amqp-confirm", operations, {finalRead: ["0-0", "0-0"]})), {
    lost: 0,
    duplicates: 1,
    recovered: 0,
    outOfOrder: 0,
    findings: [],
  });
});

test("without a final read nothing is claimed", t => {
  const {notes, ...figures} = check(
    "amqp-confirm",
    history("amqp-confirm", [op("publish", {value: "0-0"})], {trouble: "killed"}),
  );
  t.deepEqual(figures, {findings: []});
  t.regex(notes![0]!, /killed/);
});

test("memcached-kv: hit rate, and a wrong value is a finding", t => {
  const operations = [op("get-hit", {}), op("get", {outcome: "failed", error: "wrong-value"})];
  const result = check("memcached-kv", history("memcached-kv", operations));
  t.is(result.hitRate, 0.5);
  t.like(result.findings, [{anomaly: "wrong-value", operations: [{error: "wrong-value"}]}]);
});

test("every workload has a program in the container, and the other way round", t => {
  t.deepEqual(workloads.map(w => w.name).sort(), Object.keys(programs).sort());
});

test("every class of anomalies is documented", t => {
  const page = readFileSync(new URL("../docs/workloads.md", import.meta.url), "utf8");
  for (const {name, finds} of workloads)
    for (const anomaly of finds) t.true(page.includes(`\`${anomaly}\``), `${name}: ${anomaly}`);
});

test("workloads suit endpoints by protocol", t => {
  const endpoint = {name: "sql", of: "galera", protocol: "mysql", network: "front", address: "x", port: 1} as const;
  t.deepEqual(
    workloads.filter(w => suits(w, endpoint)).map(w => w.name),
    ["sql-append", "list-append", "bank", "for-update", "register", "tcp-probe"],
  );
});

for (const workload of workloads) {
  test(`${workload.name}: its defaults pass its own check`, t => {
    const {options, problems} = fillOptions(workload.options, {});
    t.deepEqual(problems, []);
    const asText = (name: string, value: unknown) => {
      const spec = workload.options[name]!;
      return spec.type === "number" && spec.unit === "ms" ? `${value}ms` : value;
    };
    const again = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, asText(name, value)]));
    t.deepEqual(fillOptions(workload.options, again), {options, problems: []});
  });
}

test("options that are wrong are all reported, with what is allowed", t => {
  const given = {queue: "stream", window: 0, consume: "yes", backlog: 500, prefix: "a b", speed: 1};
  const {problems} = fillOptions(findWorkload("amqp-confirm")!.options, given, "load.x");
  t.deepEqual(
    problems.map(p => p.path).sort(),
    ["backlog", "consume", "prefix", "queue", "speed", "window"].map(n => `load.x.${n}`),
  );
  t.regex(problems.find(p => p.path === "load.x.backlog")!.message, /duration with its unit/);
  t.regex(problems.find(p => p.path === "load.x.queue")!.message, /"mirrored", "quorum" or "classic"/);
});
