import {readFileSync} from "node:fs";
import test from "ava";
import {fakeTopology} from "../../test/fake-target.ts";
import {workloads} from "../workloads/registry.ts";
import {checkScenario, checkWorkloads} from "./check.ts";
import {findScenarios} from "./find.ts";
import {readScenario, scenarioName} from "./read.ts";
import {describeFault} from "./scenario.ts";
import {jsonSchema} from "./schema.ts";

const scenarios = new URL("../../scenarios/", import.meta.url).pathname;

/** A whole file with one line replaced, and the line number of that line. */
const lines = [
  "summary: A member is killed.", // 1
  "stack: lab",
  "load:",
  "  cache: {workload: memcached-kv, endpoint: memcached, rate: 200/s}", // 4
  "faults:",
  "  - at: 5s", // 6
  "    kill: {component: memcached, pick: random}", // 7
  "verdict:",
  "  outage: {cache: 3s}", // 9
  "  recovered: 60s",
];
const withLine = (number: number, text: string) => lines.with(number - 1, text).join("\n");

const refused: [what: string, line: number, text: string, message: string][] = [
  [
    "unknown key at the top",
    2,
    "stak: lab",
    "x.yaml:2: `stak` is unknown. Allowed: summary, stack, settings, known, duration, seed, load, faults, verdict.",
  ],
  [
    "unknown fault",
    7,
    "    kil: {component: memcached, pick: random}",
    "x.yaml:7: `faults[0].kil` is unknown. Allowed: at, for, kill, crash, stop, pause.",
  ],
  [
    "unknown pick",
    7,
    "    kill: {component: memcached, pick: boss}",
    'x.yaml:7: `faults[0].kill.pick` is "boss". It takes "writer", "reader", "holder", "leader", "random".',
  ],
  [
    "time without unit",
    6,
    "  - at: 5",
    "x.yaml:6: `faults[0].at` is 5. It takes a duration with its unit, such as 250ms, 5s or 2m.",
  ],
  [
    "bound without unit",
    9,
    "  outage: {cache: 3}",
    "x.yaml:9: `verdict.outage.cache` is 3. It takes a duration with its unit, such as 250ms, 5s or 2m.",
  ],
  [
    "rate without unit",
    4,
    "  cache: {workload: memcached-kv, endpoint: memcached, rate: 200}",
    "x.yaml:4: `load.cache.rate` is 200. It takes a rate with its unit, such as 200/s or 30/m.",
  ],
  [
    "bound of no workload",
    9,
    "  outage: {rows: 3s}",
    "x.yaml:9: `verdict.outage.rows` names no workload of this scenario. Allowed: cache.",
  ],
  [
    "what is not YAML",
    6,
    "  - {at: 5s, stop: {component: memcached, pick: random},",
    "x.yaml:8: This is not YAML: deficient indentation.",
  ],
  [
    "no target",
    7,
    "    kill: {pick: random}",
    "x.yaml:7: `faults[0].kill` names no target. It takes `component` with `member` or `pick`, or `zone`.",
  ],
  [
    "neither member nor pick",
    7,
    "    kill: {component: memcached}",
    "x.yaml:7: `faults[0].kill` has neither `member` nor `pick`. It takes one of the two.",
  ],
  [
    "zone and member",
    7,
    "    kill: {zone: a, member: memcached-0}",
    "x.yaml:7: `faults[0].kill.member` does not go with `zone`",
  ],
  [
    "process of a kill",
    7,
    "    kill: {component: memcached, pick: random, process: x}",
    "x.yaml:7: `faults[0].kill.process` is unknown. Allowed: component, member, pick, zone.",
  ],
  [
    "crash with an end",
    7,
    "    for: 5s\n    crash: {component: memcached, pick: random}",
    "x.yaml:7: `faults[0].for` does not go with crash",
  ],
  [
    "unknown option",
    4,
    "  cache: {workload: memcached-kv, endpoint: memcached, kees: 5}",
    "x.yaml:4: `load.cache.kees` is not an option. Allowed:",
  ],
  [
    "unknown workload",
    4,
    "  cache: {workload: memcached, endpoint: memcached}",
    'x.yaml:4: `load.cache.workload` is "memcached". It takes "sql-append", "amqp-confirm", "memcached-kv" or "tcp-probe".',
  ],
  [
    "unknown endpoint",
    4,
    "  cache: {workload: memcached-kv, endpoint: sql}",
    'x.yaml:4: `load.cache.endpoint` is "sql", which the stack does not have. Endpoints: memcached (memcached).',
  ],
  [
    "endpoint of another protocol",
    4,
    "  cache: {workload: sql-append, endpoint: memcached}",
    'x.yaml:4: `load.cache.endpoint` is "memcached", which speaks memcached; sql-append speaks "mysql".',
  ],
  [
    "unknown component",
    7,
    "    kill: {component: redis, pick: random}",
    'x.yaml:7: `faults[0].kill.component` is "redis", which the stack does not have. Components: memcached.',
  ],
  [
    "role that the component does not have",
    7,
    "    kill: {component: memcached, pick: writer}",
    'x.yaml:7: `faults[0].kill.pick` is "writer", which memcached (memcached) does not have. It takes "random".',
  ],
  [
    "unknown member",
    7,
    "    kill: {component: memcached, member: memcached-7}",
    "Members: memcached-0, memcached-1, memcached-2.",
  ],
  [
    "unknown zone",
    7,
    "    kill: {zone: north}",
    'x.yaml:7: `faults[0].kill.zone` is "north", which the stack does not have. Zones: a, b, c.',
  ],
  [
    "unknown process",
    7,
    "    crash: {component: memcached, pick: random, process: proxy}",
    'x.yaml:7: `faults[0].crash.process` is "proxy". Processes of memcached: main, helper.',
  ],
];
for (const [what, line, text, message] of refused) {
  test(`refused: ${what}`, t => {
    const error = t.throws(() => {
      const scenario = readScenario("x.yaml", withLine(line, text));
      checkWorkloads(scenario);
      checkScenario(scenario, fakeTopology);
    });
    t.true(error!.message.includes(message), error!.message);
  });
}

test("every problem is told at once, by line", t => {
  const source = lines.with(5, "  - at: 5").with(8, "  outage: {cache: 3}").join("\n");
  const error = t.throws(() => readScenario("x.yaml", source));
  t.deepEqual(
    error!.message.split("\n").map(l => l.split(" ")[0]),
    ["x.yaml:6:", "x.yaml:9:"],
  );
});

test("defaults, and durations in milliseconds", t => {
  const {load, faults, bounds, durationMs} = readScenario("a/b.yaml", lines.join("\n"));
  t.deepEqual(load.cache, {
    workload: "memcached-kv",
    endpoint: "memcached",
    clients: 4,
    rate: 200,
    timeoutMs: undefined,
    options: {},
  });
  t.deepEqual(faults, [{kind: "kill", atMs: 5000, forMs: 10_000, where: {component: "memcached", pick: "random"}}]);
  t.is(bounds.outage.cache, 3000);
  t.is(durationMs, 15_000);
});

test("faults for people", t => {
  const fault = (text: string) => describeFault(readScenario("x.yaml", withLine(7, `    ${text}`)).faults[0]!);
  t.is(fault("kill: {component: galera, pick: writer}"), "kill galera writer");
  t.is(fault("crash: {component: vip, member: vip-0, process: keepalived}"), "crash vip vip-0 (keepalived)");
  t.is(fault("pause: {zone: b}"), "pause zone b");
  t.is(
    fault("kill: {zone: {of: [{component: vip, pick: holder}, {component: galera, pick: writer}]}}"),
    "kill the zone of vip holder and galera writer",
  );
});

test("names come from the path", t =>
  t.is(scenarioName("/x/scenarios/galera/writer-killed.yaml"), "galera/writer-killed"));

test("every scenario that comes with Holdfast can be read", async t => {
  const all = await findScenarios([scenarios]);
  t.true(all.length >= 11);
  for (const scenario of all) t.notThrows(() => checkWorkloads(scenario));
  t.is(new Set(all.map(s => s.name)).size, all.length);
});

test("the published JSON Schema is up to date (node runner/scenario/write-schema.ts)", t => {
  t.deepEqual(
    JSON.parse(readFileSync(`${scenarios}scenario.schema.json`, "utf8")),
    JSON.parse(JSON.stringify(jsonSchema())),
  );
});

test("a path that leads nowhere is refused", async t => {
  await t.throwsAsync(findScenarios(["/nowhere/x.yaml"]), {
    message: /`\/nowhere\/x.yaml` is neither a file nor a folder/,
  });
});

/** Words of JSON Schema itself. */
const formWords = ["items", "propertyNames", "additionalProperties"];

test("the reference has every key of the form", t => {
  const page = readFileSync(`${scenarios}../docs/scenarios.md`, "utf8");
  const keys = [...JSON.stringify(jsonSchema()).matchAll(/"([a-zA-Z]+)":\{"(?:description|default|type|anyOf)"/g)].map(
    match => match[1]!,
  );
  t.true(keys.length > 20);
  for (const key of new Set(keys)) if (!formWords.includes(key)) t.true(page.includes(key), key);
});

test("the reference has every option of every workload", t => {
  const page = readFileSync(`${scenarios}../docs/scenarios.md`, "utf8");
  for (const {name, options} of workloads)
    for (const option of Object.keys(options)) t.true(page.includes(`| \`${option}\` |`), `${name} ${option}`);
});
