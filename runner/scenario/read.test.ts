import {readFileSync} from "node:fs";
import test from "ava";
import {fakeTopology} from "../../test/fake-topology.ts";
import {workloads} from "../../workloads/registry.ts";
import {describeFault} from "../faults/describe.ts";
import {checkScenario, checkWorkloads} from "./check.ts";
import {findScenarios} from "./find.ts";
import {readScenario, scenarioName} from "./read.ts";
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
    "x.yaml:2: `stak` is unknown. Allowed: summary, stack, settings, known, duration, limit, seed, writer, load, faults, chaos, verdict.",
  ],
  [
    "unknown fault",
    7,
    "    kil: {component: memcached, pick: random}",
    "x.yaml:7: `faults[0].kil` is unknown. Allowed: name, at, after, for, repeat, kill, crash, stop, pause, restart, process, partition",
  ],
  [
    "unknown pick",
    7,
    "    kill: {component: memcached, pick: boss}",
    'x.yaml:7: `faults[0].kill.pick` is "boss". It takes "writer", "reader", "holder", "backup", "leader", "follower", "random", "all".',
  ],
  [
    "time without unit",
    6,
    "  - at: 5",
    "x.yaml:6: `faults[0].at` is 5. It takes a duration with its unit, such as 250ms, 5s or 2m.",
  ],
  [
    "time with a few zeros too many",
    6,
    "  - at: 50000h",
    'x.yaml:6: `faults[0].at` is "50000h". It takes a duration of up to 24h.',
  ],
  [
    "steps that take days together",
    6,
    "  - at: 5s\n    repeat: {times: 40, every: 20h}",
    "x.yaml:5: `faults` take up to 800 h 1 min together. They may take 24h at most",
  ],
  [
    "a word for a target",
    7,
    "    kill: memcached",
    'x.yaml:7: `faults[0].kill` is "memcached". It takes these keys, each with its value: component, member, pick, zone, all, return.',
  ],
  ["a bound for nobody", 9, "  outage: 3s", 'x.yaml:9: `verdict.outage` is "3s". It takes names, each with its value.'],
  [
    "text that turns itself round",
    4,
    '  cache: {workload: "cache\u202e", endpoint: memcached}',
    'x.yaml:4: `load.cache.workload` is "cache\\u{202e}". It takes ',
  ],
  [
    "bound without unit",
    9,
    "  outage: {cache: 3}",
    "x.yaml:9: `verdict.outage.cache` is 3. It takes a duration with its unit, such as 250ms, 5s or 2m, or `budget`.",
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
    "limit below the load",
    3,
    "limit: 5s\nload:",
    "x.yaml:3: `limit` is 5.00 s, and the load alone takes 15.0 s. It takes a time that is longer than `duration`.",
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
    "x.yaml:7: `faults[0].kill` names no target. It takes `component` with `member` or `pick`, or `zone`, or `all: true`.",
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
    "x.yaml:7: `faults[0].kill.process` is unknown. Allowed: component, member, pick, zone, all, return.",
  ],
  [
    "crash with an end",
    7,
    "    for: 5s\n    crash: {component: memcached, pick: random}",
    "x.yaml:7: `faults[0].for` does not go with crash",
  ],
  [
    "chaos without an end",
    5,
    "chaos: {every: 20s, among: [kill]}\nfaults:",
    "x.yaml:5: `chaos.for` is missing. It takes a duration with its unit",
  ],
  [
    "chaos that ends before it begins",
    5,
    "chaos: {every: 20s, for: 25s, among: [kill]}\nfaults:",
    "x.yaml:5: `chaos.for` is 25.0 s, which ends before the first fault does: it comes after 20.0 s and lasts 10.0 s.",
  ],
  [
    "chaos with too many faults",
    5,
    "chaos: {every: 1ms, for: 24h, among: [kill]}\nfaults:",
    "x.yaml:5: `chaos.every` is 1 ms: 86399999 faults in 24 h. It takes so long a time that there are 1000 at most.",
  ],
  [
    "chaos with an unknown fault",
    5,
    "chaos: {every: 20s, for: 5m, among: [kil]}\nfaults:",
    'x.yaml:5: `chaos.among[0]` is "kil". It takes a fault, or one with its keys.',
  ],
  [
    "chaos with a fault that takes more",
    5,
    "chaos: {every: 20s, for: 5m, among: [process]}\nfaults:",
    'x.yaml:5: `chaos.among[0]` is "process", which takes name: write `{process: {name: ...}}`.',
  ],
  [
    "chaos with a whole component",
    5,
    "chaos: {every: 20s, for: 5m, among: [{partition: {shape: halves}}]}\nfaults:",
    "x.yaml:5: `chaos.among[0].partition` takes a whole component; a random schedule hits one member at a time.",
  ],
  [
    "chaos with two seeds",
    5,
    "seed: 1\nchaos: {every: 20s, for: 5m, among: [kill], seed: 42}\nfaults:",
    "x.yaml:6: `chaos.seed` is 42, and `seed` is 1. A run has one seed: leave one out.",
  ],
  [
    "an impossible schedule",
    5,
    "chaos: {every: 20s, for: 5m, lasts: 1m, among: [kill]}\nfaults:",
    "x.yaml:5: `chaos` has nothing to do at 1 min: memcached-",
  ],
  [
    "chaos in a component that there is not",
    5,
    "chaos: {every: 20s, for: 5m, among: [kill], components: [redis]}\nfaults:",
    'x.yaml:5: `chaos` is "redis", which the stack does not have. Components: memcached.',
  ],
  [
    "neither at nor after",
    6,
    "  - for: 5s",
    "x.yaml:6: `faults[0]` has neither `at` nor `after`. It takes one of the two.",
  ],
  [
    "after nobody",
    6,
    "  - after: {fault: cut}",
    'x.yaml:6: `faults[0].after.fault` is "cut". No step of this scenario has a name.',
  ],
  [
    "after itself",
    6,
    "  - name: cut\n    after: {fault: cut}",
    "x.yaml:7: `faults[0].after` waits for itself in the end.",
  ],
  [
    "a repeat that does not say when",
    7,
    "    kill: {component: memcached, pick: random}\n    repeat: {times: 3}",
    "x.yaml:8: `faults[0].repeat` has neither `every` nor `settled: true`.",
  ],
  [
    "a repeat before the end",
    7,
    "    for: 5s\n    kill: {component: memcached, pick: random}\n    repeat: {times: 3, every: 3s}",
    "x.yaml:9: `faults[0].repeat.every` is 3.00 s, and the fault lasts 5.00 s. It takes a time that is not shorter than `for`.",
  ],
  [
    "all and a component",
    7,
    "    kill: {all: true, component: memcached}",
    "x.yaml:7: `faults[0].kill.component` does not go with `all`, which means everything in the stack.",
  ],
  [
    "a shape of one member",
    7,
    "    partition: {component: memcached, member: memcached-0, shape: halves}",
    "x.yaml:7: `faults[0].partition.member` does not go with what takes the whole component: `change`, and `partition` with `shape`.",
  ],
  [
    "a shape that the component is too small for",
    7,
    "    partition: {component: memcached, shape: ring}",
    'x.yaml:7: `faults[0].partition.shape` is "ring", which takes 4 members or more; memcached has 3.',
  ],
  [
    "cut off from nobody",
    7,
    "    partition: {component: memcached, pick: random, from: redis}",
    'x.yaml:7: `faults[0].partition.from` is "redis". It takes everyone, peers or a component: memcached.',
  ],
  [
    "a zone cut off from peers",
    7,
    "    partition: {zone: a, from: peers}",
    "x.yaml:7: `faults[0].partition.from` does not go with more than one component.",
  ],
  [
    "a process without a name",
    7,
    "    process: {component: memcached, pick: random}",
    "x.yaml:7: `faults[0].process.name` is missing. It takes the name of a process, such as haproxy, mariadbd or beam.smp.",
  ],
  [
    "a process by its path",
    7,
    "    process: {component: memcached, pick: random, name: /usr/sbin/haproxy}",
    'x.yaml:7: `faults[0].process.name` is "/usr/sbin/haproxy". It takes a name without a path',
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
    'x.yaml:4: `load.cache.workload` is "memcached". It takes "sql-append", "list-append", "bank", "for-update", "register", "amqp-confirm", "memcached-kv", "http" or "tcp-probe".',
  ],
  [
    "a known anomaly of a class that nobody finds",
    1,
    "summary: x\nknown: [{workload: cache, anomaly: wrong-values, because: of its version}]",
    'x.yaml:2: `known[0].anomaly` is "wrong-values", which no memcached-kv finds. It takes "wrong-value".',
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
  t.deepEqual(faults, [
    {kind: "kill", atMs: 5000, forMs: 10_000, where: {component: "memcached", pick: "random"}, params: {}},
  ]);
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

test("of a file with thousands of unknown keys, some are told", t => {
  const source = Array.from({length: 5000}, (_, i) => `key${i}: 1`).join("\n");
  const error = t.throws(() => readScenario("x.yaml", source))!;
  t.is(error.message.match(/ is unknown/g)?.length, 20);
  t.regex(error.message, /x\.yaml:1: has 4980 more keys that are unknown\./);
});

test("what is neither a file nor a folder is refused", async t => {
  await t.throwsAsync(findScenarios(["/dev/null"]), {message: /`\/dev\/null` is neither a file nor a folder/});
});

/** Words of JSON Schema itself. */
const formWords = ["items", "propertyNames", "additionalProperties"];

test("the reference has every key of the form", t => {
  const page = ["scenarios", "faults"].map(name => readFileSync(`${scenarios}../docs/${name}.md`, "utf8")).join();
  const keys = [...JSON.stringify(jsonSchema()).matchAll(/"([a-zA-Z]+)":\{"(?:description|default|type|anyOf)"/g)].map(
    match => match[1]!,
  );
  t.true(keys.length > 20);
  for (const key of new Set(keys)) if (!formWords.includes(key)) t.true(page.includes(key), key);
});

test("the reference has every option of every workload", t => {
  const page = readFileSync(`${scenarios}../docs/workloads.md`, "utf8");
  for (const {name, options} of workloads)
    for (const option of Object.keys(options)) t.true(page.includes(`| \`${option}\` |`), `${name} ${option}`);
});
