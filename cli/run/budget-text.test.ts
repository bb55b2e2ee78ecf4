import test from "ava";
import {textWidth} from "../../lib/terminal.ts";
import {lintsOf} from "../../runner/budget/lints.ts";
import {budgetTable} from "../../runner/budget/table.ts";
import {budgetTopology} from "../../test/budget-topology.ts";
import {budgetText, lintText} from "./budget-text.ts";
import {worstOf} from "./lateness.ts";

const screen = {width: 80, colour: false};
const client = {operationMs: 3000, connectMs: 250, retryMs: 200, spacingMs: 20};

test("under each component its sums; failures and endpoints with the same equation share a line", t => {
  const text = budgetText(
    budgetTable(budgetTopology(), () => client, 100),
    screen,
  ).join("\n");
  t.true(
    text.includes(`
memcached
  390 ms  process killed, member killed, member stopped (memcached)
          = 250 ms (no connection) + up to 40 ms (from one operation to the
          next, twice) + up to 100 ms (waits for the machine, login and first
          operation)
`),
    text,
  );
  t.regex(text, /\n {2}1\.79 s {2}process killed, member killed \(sql, sql-any\)\n/);
  t.regex(text, /\na whole zone\n/);
  t.regex(
    text,
    /\n {2}1\.79 s {2}member silent, host lost \(sql, sql-any\)\n[\s\S]*?\n {2}2\.29 s {2}and once more when it comes back\n {10}= 1 s/,
  );
});

test("where there is no budget it says why", t => {
  const text = budgetText(
    budgetTable(budgetTopology({}, {rabbitmq: 2}), () => client),
    screen,
  ).join("\n");
  t.regex(text, /\n {4}none {2}process killed,.*\n.*\(amqp\)\n {10}1 of 2 members of rabbitmq take its/);
});

test("everything fits into 80 columns", t => {
  const topology = budgetTopology({rabbitmq: {partitionHandling: "ignore"}}, {galera: 2});
  const rows = budgetTable(topology, () => client);
  const lints = lintText(lintsOf({topology, clientOf: () => client, lateMs: {vip: 900}}), screen);
  t.deepEqual(
    [...budgetText(rows, screen), ...lints].filter(line => textWidth(line) > 80),
    [],
  );
  t.true(lints.length > 5);
  t.regex(lints[0]!, /^error: galera has 2 members/);
});

test("the worst of the waits counts, in milliseconds; a wait that ended early is not late", t => {
  t.is(worstOf("120\n-3\n61234\n800\n"), 61);
  t.is(worstOf("-5\n"), 0);
  t.is(worstOf("bash: not found\n"), undefined);
});
