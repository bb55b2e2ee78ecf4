import test from "ava";
import {transact} from "./transaction.ts";

/** A connection on which statements fail as told. */
function connection(fails: Record<string, object>) {
  const said: string[] = [];
  return {
    said,
    async query(statement: string) {
      said.push(statement);
      if (fails[statement]) throw fails[statement];
    },
  };
}

const body = (given: ReturnType<typeof connection>) => () => given.query("BODY").then(() => {});

const rows: {name: string; fails: Record<string, object>; ended: object; said: string}[] = [
  {name: "all goes well", fails: {}, ended: {outcome: "ok"}, said: "START TRANSACTION, BODY, COMMIT"},
  {
    name: "a deadlock is rolled back, and has failed",
    fails: {BODY: {errno: 1213}},
    ended: {outcome: "failed", error: "1213", broken: false},
    said: "START TRANSACTION, BODY, ROLLBACK",
  },
  {
    name: "a connection that breaks before COMMIT: nothing happened",
    fails: {BODY: {code: "ECONNRESET", fatal: true}},
    ended: {outcome: "failed", error: "ECONNRESET", broken: true},
    said: "START TRANSACTION, BODY",
  },
  {
    name: "a connection that breaks at COMMIT: unknown",
    fails: {COMMIT: {code: "ECONNRESET", fatal: true}},
    ended: {outcome: "unknown", error: "ECONNRESET", broken: true},
    said: "START TRANSACTION, BODY, COMMIT",
  },
  {
    name: "certification fails at COMMIT",
    fails: {COMMIT: {errno: 1213}},
    ended: {outcome: "failed", error: "1213", broken: false},
    said: "START TRANSACTION, BODY, COMMIT, ROLLBACK",
  },
  {
    name: "a rollback that does not work makes the connection useless",
    fails: {BODY: {errno: 1205}, ROLLBACK: {errno: 1047}},
    ended: {outcome: "failed", error: "1205", broken: true},
    said: "START TRANSACTION, BODY, ROLLBACK",
  },
];

for (const {name, fails, ended, said} of rows) {
  test(name, async t => {
    const given = connection(fails);
    t.deepEqual(await transact(given, body(given)), ended as never);
    t.is(given.said.join(", "), said);
  });
}
