import type {Connection} from "mariadb";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Ended, Program} from "../client/contract.ts";
import {sqlProgram, tableOf} from "../sql/program.ts";
import {transact} from "../sql/transaction.ts";
import {type Transfer, transferOf} from "./plan.ts";

type Row = {id: number; balance: number};

/** Moves money between accounts, and looks at all of them now and then. A transfer writes balances that it computed
 *  from what it read, as an application does, so that a transaction which was let through beside another shows. */
export function bank(order: WorkloadOrder): Program {
  const {options} = order;
  const table = tableOf(order);
  const accounts = Number(options.accounts);
  const both = `SELECT id, balance FROM ${table} WHERE id IN (?, ?)${options.locking ? " FOR UPDATE" : ""}`;
  const set = `UPDATE ${table} SET balance = ? WHERE id = ?`;

  const transfer = async (connection: Connection, {from, to, amount}: Transfer): Promise<Transfer> => {
    const rows: Row[] = await connection.query(both, [from, to]);
    const has = (account: number) => rows.find(row => row.id === account)?.balance ?? 0;
    // Who has not enough moves nothing; that is an answer too.
    if (!options.overdraft && has(from) < amount) return {from, to, amount: 0};
    await connection.query(set, [has(from) - amount, from]);
    await connection.query(set, [has(to) + amount, to]);
    return {from, to, amount};
  };
  /** In two statements: each alone is of one moment at every isolation level. */
  const look = async (connection: Connection): Promise<number[]> => {
    const half = Math.ceil(accounts / 2);
    const part = `SELECT id, balance FROM ${table} WHERE id >= ? AND id < ? ORDER BY id`;
    const rows: Row[] = [
      ...((await connection.query(part, [0, half])) as Row[]),
      ...((await connection.query(part, [half, accounts])) as Row[]),
    ];
    return rows.map(row => row.balance);
  };

  return sqlProgram(order, {
    kind: "transfer",
    data: (client, n) => transferOf(order, client, n),
    prepare: connection => prepare(connection, table, accounts, Number(options.balance)),
    async perform(session, client, n): Promise<Ended> {
      const {connection} = session;
      const planned = transferOf(order, client, n);
      let done: Transfer | number[] | undefined;
      const {broken, ...ended} = await transact(connection, async () => {
        done = planned ? await transfer(connection, planned) : await look(connection);
      });
      if (broken) session.destroy();
      if (!planned) return {kind: "look", ...ended, ...(ended.outcome === "ok" ? {data: done} : {})};
      return {kind: "transfer", ...ended, data: done ?? planned};
    },
    async readAll(connection) {
      const rows: Row[] = await connection.query(`SELECT id, balance FROM ${table} ORDER BY id`);
      return rows.map(row => row.balance);
    },
  });
}

async function prepare(connection: Connection, table: string, accounts: number, balance: number): Promise<void> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${table} (id INT NOT NULL PRIMARY KEY, balance INT NOT NULL) ENGINE=InnoDB`,
  );
  const rows = Array.from({length: accounts}, (_, i) => `(${i}, ${balance})`);
  await connection.query(`INSERT IGNORE INTO ${table} (id, balance) VALUES ${rows.join(", ")}`);
}
