import type {Connection} from "mariadb";
import {type ListStep, listKind, numbersOf, showList} from "../../lib/analysis/lists/transactions.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Program} from "../client/contract.ts";
import {sqlProgram, tableOf} from "../sql/program.ts";
import {transact} from "../sql/transaction.ts";
import {Plan} from "./plan.ts";

const rowsAtOnce = 1000;

/** Reads and appends to lists in transactions. */
export function listAppend(order: WorkloadOrder): Program {
  const table = tableOf(order);
  const plan = new Plan(order);
  const select = `SELECT val FROM ${table} WHERE id = ?${order.options.locking ? " FOR UPDATE" : ""}`;
  const update = `UPDATE ${table} SET val = CONCAT(val, ',', ?) WHERE id = ?`;
  const execute = async (connection: Connection, step: ListStep): Promise<ListStep> => {
    const [kind, key, value] = step;
    if (kind === "append") {
      await connection.query(update, [value, key]);
      return step;
    }
    const rows: {val: string}[] = await connection.query(select, [key]);
    return ["r", key, numbersOf(rows[0]?.val ?? "")];
  };
  return sqlProgram(order, {
    kind: listKind,
    data: (client, n) => plan.steps(client, n),
    prepare: connection => prepare(connection, table, plan.keys),
    async perform(session, client, n) {
      const {connection} = session;
      const steps = plan.steps(client, n);
      const done: ListStep[] = [];
      const {broken, ...ended} = await transact(connection, async () => {
        for (const step of steps) done.push(await execute(connection, step));
      });
      if (broken) session.destroy();
      return {kind: listKind, ...ended, data: ended.outcome === "ok" ? done : steps};
    },
    async readAll(connection) {
      const rows: {id: number; val: string}[] = await connection.query(
        `SELECT id, val FROM ${table} WHERE val <> '' ORDER BY id`,
      );
      return rows.map(row => showList(row.id, row.val));
    },
  });
}

/** Every key has its row from the start, so that no transaction has to make one: an INSERT locks gaps that have nothing
 *  to do with the list. */
async function prepare(connection: Connection, table: string, keys: number): Promise<void> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${table} (id INT NOT NULL PRIMARY KEY, val MEDIUMTEXT NOT NULL) ENGINE=InnoDB`,
  );
  for (let from = 0; from < keys; from += rowsAtOnce) {
    const rows = Array.from({length: Math.min(rowsAtOnce, keys - from)}, (_, i) => `(${from + i}, '')`);
    await connection.query(`INSERT IGNORE INTO ${table} (id, val) VALUES ${rows.join(", ")}`);
  }
}
