import test from "ava";
import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {NoBudget, shortMs} from "../../lib/budget/terms.ts";
import {budgetTopology} from "../../test/budget-topology.ts";
import {type Budget, outageOf} from "./outage.ts";

const client: ClientTimings = {operationMs: 3000, connectMs: 250, retryMs: 200, spacingMs: 20};
type Asked = Partial<Failure> & Pick<Failure, "component" | "kind">;

function budget(endpoint: string, failures: Asked[], topology = budgetTopology(), waits = client): Budget | undefined {
  return outageOf({
    topology,
    endpoint: topology.components.flatMap(c => c.endpoints).find(e => e.name === endpoint)!,
    client: waits,
    failures: failures.map(f => ({members: 1, ...f})),
    machineMs: 0,
  });
}

/** The equation as a person would write it, without the client's own rhythm, which is the same everywhere. */
const shown = (found: Pick<Budget, "terms"> | undefined) =>
  found?.terms
    .filter(term => !term.name.startsWith("from one operation"))
    .map(term => `${term.name} = ${shortMs(term.ms)}`)
    .join(" + ");

const again = "pause before the next attempt = 200 ms";
const attempt = `connection attempt under way = 250 ms + ${again}`;
const silence = "suspect timeout = 1 s + next look for silence = 250 ms + 2 x join messages repeated 200 ms = 400 ms";
const ticks = "3 x quarter of net_ticktime 1.25 s = 3.75 s + 2 x next quarter 1.25 s = 2.5 s";

const equations: [endpoint: string, failure: Asked, sum: number, equation: string][] = [
  [
    "sql",
    {component: "vip", kind: "process killed"},
    581,
    `next check of HAProxy = 100 ms + skew = 31 ms + ${attempt}`,
  ],
  [
    "sql",
    {component: "vip", kind: "process killed", process: "keepalived"},
    631,
    `3 x advert interval 50 ms = 150 ms + skew = 31 ms + ${attempt}`,
  ],
  [
    "sql",
    {component: "vip", kind: "member killed"},
    631,
    `3 x advert interval 50 ms = 150 ms + skew = 31 ms + ${attempt}`,
  ],
  [
    "sql",
    {component: "vip", kind: "member stopped"},
    581,
    `next check of HAProxy = 100 ms + skew = 31 ms + ${attempt}`,
  ],
  ["sql", {component: "vip", kind: "member silent"}, 3000, "operation under way = 3 s"],
  [
    "sql",
    {component: "vip", kind: "member silent", process: "haproxy"},
    1250,
    `next check of HAProxy = 100 ms + 2 x no answer from HAProxy 250 ms = 500 ms + further check of HAProxy = 100 ms + sessions are kept until the next holder is there = 100 ms + ${attempt}`,
  ],
  ["sql", {component: "vip", kind: "host lost"}, 3000, "operation under way = 3 s"],
  ["sql", {component: "galera", kind: "process killed"}, 1650, silence],
  ["sql", {component: "galera", kind: "member killed"}, 1650, silence],
  [
    "sql",
    {component: "galera", kind: "member stopped"},
    550,
    `next question to MariaDB = 100 ms + next check of the server = 200 ms + check in doubt = 50 ms + ${again}`,
  ],
  [
    "sql",
    {component: "galera", kind: "member stopped", role: "reader"},
    400,
    "2 x join messages repeated 200 ms = 400 ms",
  ],
  ["sql", {component: "galera", kind: "member silent"}, 1650, silence],
  ["sql", {component: "galera", kind: "host lost"}, 1650, silence],
  [
    "amqp",
    {component: "rabbitmq", kind: "process killed"},
    450,
    `next check of the server = 200 ms + check in doubt = 50 ms + ${again}`,
  ],
  [
    "amqp",
    {component: "rabbitmq", kind: "member killed"},
    850,
    `next check of the server = 200 ms + check in doubt = 50 ms + 2 x check without connection 200 ms = 400 ms + ${again}`,
  ],
  ["amqp", {component: "rabbitmq", kind: "member silent"}, 9250, `${ticks} + publishes that nobody confirms = 3 s`],
  ["amqp", {component: "rabbitmq", kind: "host lost"}, 9250, `${ticks} + publishes that nobody confirms = 3 s`],
  [
    "web",
    {component: "web", kind: "process killed"},
    450,
    `next check of the server = 200 ms + check in doubt = 50 ms + ${again}`,
  ],
  [
    "web",
    {component: "web", kind: "member silent"},
    1450,
    `next check of the server = 200 ms + check in doubt = 50 ms + 2 x check without answer 500 ms = 1 s + ${again}`,
  ],
  ["memcached", {component: "memcached", kind: "member killed"}, 250, "no connection = 250 ms"],
  ["memcached", {component: "memcached", kind: "member killed", members: 2}, 500, "2 x no connection 250 ms = 500 ms"],
  ["memcached", {component: "memcached", kind: "member silent"}, 3000, "no answer = 3 s"],
];
for (const [endpoint, failure, sum, equation] of equations) {
  const {component, kind, process = "", role = "", members = ""} = failure;
  test(`${[component, kind, process, role, members].filter(Boolean).join(" ")}, by ${endpoint}`, t => {
    const found = budget(endpoint, [failure]);
    t.is(shown(found), equation);
    t.is(found?.ms, sum + 40);
  });
}

test("a budget is what its terms add up to, and the machine is one of them", t => {
  const topology = budgetTopology();
  const endpoint = topology.components.flatMap(c => c.endpoints).find(e => e.name === "sql")!;
  const failures = [{component: "galera", kind: "member killed" as const, members: 1}];
  const found = outageOf({topology, endpoint, client, failures, machineMs: 123})!;
  t.is(
    found.ms,
    found.terms.reduce((sum, term) => sum + term.ms, 0),
  );
  t.deepEqual(found.terms.at(-1), {name: "waits for the machine, login and first operation", ms: 123, upTo: true});
});

test("clients that are far away wait for their distance as well", t => {
  const near = budget("sql", [{component: "galera", kind: "member killed"}])!;
  const far = budget("sql", [{component: "galera", kind: "member killed"}], budgetTopology(), {
    ...client,
    roundTripMs: 100,
  })!;
  t.deepEqual(
    far.terms.filter(term => !near.terms.some(other => other.name === term.name)),
    [{name: "4 x way there and back 100 ms", ms: 400}],
  );
  t.is(far.ms, near.ms + 400);
});

test("what goes on side by side does not add up: a zone takes as long as the longest of what is in it", t => {
  const zone = (kind: Failure["kind"]) => ["vip", "galera", "rabbitmq"].map(component => ({component, kind}));
  const killed = budget("sql", zone("member killed"))!;
  t.is(killed.ms, 1650 + 40);
  t.deepEqual(killed.meanwhile, [
    {name: "vip moves the address, clients connect", ms: 631},
    {name: "vip takes the server out, clients connect", ms: 650 + 450},
  ]);
  t.is(budget("sql", zone("host lost"))?.ms, 3000 + 40);
  t.is(budget("amqp", zone("member killed"))?.ms, 650 + 450 + 40);
});

test("what is not on the way of a client costs it nothing", t => {
  t.is(budget("amqp", [{component: "galera", kind: "host lost"}]), undefined);
  t.is(budget("memcached", [{component: "vip", kind: "host lost"}]), undefined);
});

test("a Galera member that does not write costs a single writer's clients no session, and balanced ones do", t => {
  const slow = budgetTopology({vip: {"sql.intervalMs": 10_000, "sql-any.intervalMs": 10_000}});
  const reader = {component: "galera", kind: "member killed", role: "reader"} as const;
  t.is(budget("sql", [reader], slow)?.ms, 1650 + 40);
  t.true(budget("sql-any", [reader], slow)!.ms > 10_000);
  t.true(budget("sql", [{...reader, role: "writer"}], slow)!.ms > 10_000);
});

test("sessions that are kept at a server which is out cost an operation, or HAProxy's wait for a connection, whichever is shorter", t => {
  const kept = budgetTopology({vip: {"web.shutSessions": false, connectTimeoutMs: 2000}});
  const web = (kind: Failure["kind"], operationMs: number, topology = kept) =>
    budget("web", [{component: "web", kind}], topology, {...client, operationMs})!.ms;
  for (const [kind, operationMs, more] of [
    ["process killed", 3000, 0],
    ["member stopped", 3000, 0],
    ["member killed", 3000, 2000],
    ["member killed", 1500, 1500],
    ["host lost", 3000, 2000],
    ["member silent", 3000, 3000],
  ] as const)
    t.is(web(kind, operationMs) - web(kind, operationMs, budgetTopology({vip: {connectTimeoutMs: 2000}})), more, kind);
});

test("an answerer that outlives its MariaDB says yes for a while", t => {
  const stale = budgetTopology({galera: {answerFreshMs: 5000}});
  t.is(budget("sql", [{component: "galera", kind: "process killed"}], stale)?.ms, 5000 + 250 + 200 + 40);
  t.is(
    budget("sql", [{component: "galera", kind: "member silent", process: "main"}], stale)?.ms,
    5000 + 100 + 250 + 200 + 40,
  );
  t.is(budget("sql", [{component: "galera", kind: "member killed"}], stale)?.ms, 1650 + 40);
});

test("watchers that evict what is dead shorten its death, and nothing else", t => {
  const watched = budgetTopology({galera: {evictMs: 300}});
  t.is(budget("sql", [{component: "galera", kind: "member killed", role: "reader"}], watched)?.ms, 300 + 400 + 40);
  t.is(budget("sql", [{component: "galera", kind: "member silent"}], watched)?.ms, 1650 + 40);
  t.is(budget("sql", [{component: "galera", kind: "host lost"}], watched)?.ms, 1650 + 40);
});

test("a Galera member that was silent parts the others once more when it comes back; one that ended does not, nor does any other component", t => {
  const back = (endpoint: string, asked: Asked, topology = budgetTopology()) =>
    budget(endpoint, [asked], topology)?.back;
  const parted = "suspect timeout = 1 s + 3 x join messages repeated 200 ms = 600 ms";
  const taken = "next question to MariaDB = 100 ms + next check of the server = 200 ms + check in doubt = 50 ms";
  for (const kind of ["member silent", "host lost"] as const) {
    t.is(shown(back("sql", {component: "galera", kind})), `${parted} + ${taken} + ${again}`);
    t.is(back("sql", {component: "galera", kind})!.ms, 1600 + 350 + 200 + 40);
    t.is(back("sql", {component: "galera", kind}, budgetTopology({vip: {"sql.rise": 4}}))!.ms, 1600 + 450 + 200 + 40);
    t.is(back("amqp", {component: "rabbitmq", kind}), undefined);
  }
  for (const kind of ["process killed", "member killed", "member stopped"] as const)
    t.is(back("sql", {component: "galera", kind}), undefined);
});

test("quorum queues elect a leader", t => {
  const quorum = budgetTopology({rabbitmq: {replication: "quorum"}});
  const killed = [{component: "rabbitmq", kind: "process killed"} as const];
  t.deepEqual(budget("amqp", killed, quorum)?.ms, 600 + 3000 + 40);
  t.deepEqual(budget("amqp", killed, budgetTopology(), {...client, queue: "quorum"})?.ms, 600 + 3000 + 40);
});

const none: [
  what: string,
  endpoint: string,
  failure: Asked,
  because: RegExp,
  topology?: ReturnType<typeof budgetTopology>,
][] = [
  [
    "two of three Galera members",
    "sql",
    {component: "galera", kind: "host lost", members: 2},
    /2 of 3 members of galera take its quorum/,
  ],
  [
    "one of two brokers",
    "amqp",
    {component: "rabbitmq", kind: "host lost"},
    /1 of 2 members of rabbitmq take its quorum/,
    budgetTopology({}, {rabbitmq: 2}),
  ],
  ["both holders", "sql", {component: "vip", kind: "member killed", members: 2}, /No member of vip is left/],
  [
    "the whole pool",
    "memcached",
    {component: "memcached", kind: "member killed", members: 3},
    /No member of memcached is left/,
  ],
  [
    "a check that no silence fails",
    "amqp",
    {component: "rabbitmq", kind: "member silent"},
    /front end amqp waits for no answer/,
    budgetTopology({vip: {"amqp.asks": false}}),
  ],
  [
    "a topology of an earlier version",
    "sql",
    {component: "vip", kind: "host lost"},
    /does not say `lowestPriority` of vip.*up` again/,
    budgetTopology({vip: {lowestPriority: undefined as never}}),
  ],
];
for (const [what, endpoint, failure, because, topology] of none) {
  test(`no budget: ${what}`, t => {
    const error = t.throws(() => budget(endpoint, [failure], topology), {instanceOf: NoBudget});
    t.regex(error!.message, because);
  });
}
