import test from "ava";
import type {Lint} from "../../lib/budget/lint.ts";
import {budgetTopology} from "../../test/budget-topology.ts";
import {lintsOf} from "./lints.ts";

type Row = [
  what: string,
  rule: Lint["rule"],
  level: Lint["level"] | undefined,
  text: RegExp,
  topology: ReturnType<typeof budgetTopology>,
  lateMs?: number,
];

const quick = {operationMs: 500, connectMs: 250, retryMs: 200, spacingMs: 20};
const found = (topology: ReturnType<typeof budgetTopology>, lateMs?: number, client = quick) =>
  lintsOf({topology, clientOf: () => client, ...(lateMs === undefined ? {} : {lateMs: {vip: lateMs}})});

const rows: Row[] = [
  ["two Galera members", "quorum", "error", /has 2 members.*arbitrator/, budgetTopology({}, {galera: 2})],
  ["two brokers", "quorum", "error", /has 2 members: when one is lost/, budgetTopology({}, {rabbitmq: 2})],
  ["four votes", "quorum", "warning", /has 4 votes, an even number.*Make it 5/, budgetTopology({}, {galera: 4})],
  ["two proxies need no majority", "quorum", undefined, /./, budgetTopology()],
  [
    "autoheal with mirrored queues",
    "autoheal",
    "error",
    /thrown away/,
    budgetTopology({rabbitmq: {partitionHandling: "autoheal"}}),
  ],
  [
    "autoheal with quorum queues",
    "autoheal",
    "warning",
    /not replicated/,
    budgetTopology({rabbitmq: {partitionHandling: "autoheal", replication: "quorum"}}),
  ],
  ["mirrors on two of three", "copies", "error", /on 2 of 3 members/, budgetTopology({rabbitmq: {copies: 2}})],
  ["ignore", "autoheal", "error", /never come together/, budgetTopology({rabbitmq: {partitionHandling: "ignore"}})],
  ["pause_minority", "autoheal", undefined, /./, budgetTopology()],
  [
    "mirrors that do not fetch",
    "mirror-sync",
    "error",
    /`ha-sync-mode` "manual"/,
    budgetTopology({rabbitmq: {mirrorSync: "manual"}}),
  ],
  [
    "quorum queues have no mirrors",
    "mirror-sync",
    undefined,
    /./,
    budgetTopology({rabbitmq: {mirrorSync: "manual", replication: "quorum"}}),
  ],
  [
    "a check that only connects",
    "blind-check",
    "error",
    /servers of amqp by a connection alone/,
    budgetTopology({vip: {"amqp.asks": false}}),
  ],
  ["checks that ask", "blind-check", undefined, /./, budgetTopology()],
  [
    "a machine that is too late",
    "advert-interval",
    "warning",
    /every 50 ms.*130 ms late.*woken 140 ms late.*60 or more/,
    budgetTopology(),
    140,
  ],
  ["a machine that is in time", "advert-interval", undefined, /./, budgetTopology(), 130],
  ["a machine that nobody measured", "advert-interval", undefined, /./, budgetTopology()],
];
for (const [what, rule, level, text, topology, lateMs] of rows) {
  test(`${rule}: ${what}`, t => {
    const own = found(topology, lateMs).filter(lint => lint.rule === rule);
    t.deepEqual(
      own.map(lint => lint.level),
      level ? [level] : [],
    );
    if (level) t.regex(own[0]!.text, text);
  });
}

test("client-timeout: clients that wait for longer than the stack needs, and those that do not", t => {
  const of = (operationMs: number) =>
    found(budgetTopology(), undefined, {...quick, operationMs}).filter(lint => lint.rule === "client-timeout");
  t.deepEqual(
    of(30_000).map(lint => lint.component),
    ["sql", "sql-any", "amqp", "web"],
  );
  t.regex(
    of(30_000)[0]!.text,
    /wait 30 s for an answer: vip (member silent|host lost) costs them 30\.54 s, where the stack needs 1\.171 s/,
  );
  t.deepEqual(of(1100), []);
});

test("a stack without fault has no lint, and errors come first", t => {
  t.deepEqual(
    found(budgetTopology(), 20, {...quick, operationMs: 1}).filter(l => l.rule !== "client-timeout"),
    [],
  );
  const levels = found(budgetTopology({rabbitmq: {partitionHandling: "ignore"}}, {galera: 4})).map(lint => lint.level);
  t.deepEqual(levels.slice(0, 2), ["error", "warning"]);
});
