import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Ended, Program} from "../client/contract.ts";
import {dice} from "../client/random.ts";
import {sqlProgram, tableOf} from "../sql/program.ts";
import {transact} from "../sql/transaction.ts";

/** Counts up: reads a counter with SELECT ... FOR UPDATE and writes what it read and one. */
export function forUpdate(order: WorkloadOrder): Program {
  const {options} = order;
  const table = tableOf(order);
  const counters = Number(options.counters);
  const select = `SELECT n FROM ${table} WHERE id = ?${options.locking ? " FOR UPDATE" : ""}`;
  const counterOf = (client: number, n: number) => dice(order.seed, client, n)() % counters;
  return sqlProgram(order, {
    kind: "increment",
    data: (client, n) => ({counter: counterOf(client, n)}),
    async prepare(connection) {
      await connection.query(
        `CREATE TABLE IF NOT EXISTS ${table} (id INT NOT NULL PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB`,
      );
      const rows = Array.from({length: counters}, (_, i) => `(${i}, 0)`);
      await connection.query(`INSERT IGNORE INTO ${table} (id, n) VALUES ${rows.join(", ")}`);
    },
    async perform(session, client, n): Promise<Ended> {
      const {connection} = session;
      const counter = counterOf(client, n);
      let read: number | undefined;
      const {broken, ...ended} = await transact(connection, async () => {
        const rows: {n: number}[] = await connection.query(select, [counter]);
        read = rows[0]!.n;
        await connection.query(`UPDATE ${table} SET n = ? WHERE id = ?`, [read + 1, counter]);
      });
      if (broken) session.destroy();
      return {kind: "increment", ...ended, data: {counter, read}};
    },
    async readAll(connection) {
      const rows: {n: number}[] = await connection.query(`SELECT n FROM ${table} ORDER BY id`);
      return rows.map(row => row.n);
    },
  });
}
