import type {Connection} from "mariadb";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Program} from "../client/contract.ts";
import {sqlProgram, tableOf} from "../sql/program.ts";

const pageRows = 5000;

/** Inserts unique rows. */
export function sqlAppend(order: WorkloadOrder): Program {
  const table = tableOf(order);
  const insert = `INSERT INTO ${table} (client, n, payload) VALUES (?, ?, ?)`;
  const payload = "x".repeat(Number(order.options.bytes ?? 64));
  return sqlProgram(order, {
    kind: "append",
    value: (client, n) => `${client}-${n}`,
    async prepare(connection) {
      await connection.query(
        `CREATE TABLE IF NOT EXISTS ${table} (client INT NOT NULL, n INT NOT NULL, payload MEDIUMTEXT NOT NULL, PRIMARY KEY (client, n)) ENGINE=InnoDB`,
      );
    },
    async perform({connection}, client, n) {
      await connection.query(insert, [client, n, payload]);
      return {kind: "append", outcome: "ok", value: `${client}-${n}`};
    },
    readAll: connection => readAll(connection, table),
  });
}

/** All rows in pages. */
async function readAll(connection: Connection, table: string): Promise<string[]> {
  const values: string[] = [];
  let [client, n] = [-1, -1];
  for (;;) {
    const rows: {client: number; n: number}[] = await connection.query(
      `SELECT client, n FROM ${table} WHERE client > ? OR (client = ? AND n > ?) ORDER BY client, n LIMIT ${pageRows}`,
      [client, client, n],
    );
    for (const row of rows) values.push(`${row.client}-${row.n}`);
    if (rows.length < pageRows) return values;
    ({client, n} = rows.at(-1)!);
  }
}
