import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Ended, Program} from "../client/contract.ts";
import {dice} from "../client/random.ts";
import {classifySqlError} from "../sql/errors.ts";
import {sqlProgram, tableOf} from "../sql/program.ts";
import type {SqlSession} from "../sql/session.ts";

/** Every client has a register of its own, which it sets to ever higher numbers, and reads registers: its own as often
 *  as one of anybody. */
export function register(order: WorkloadOrder): Program {
  const table = tableOf(order);
  const connections = new Map<number, {connection: unknown; count: number}>();
  /** Of a read: whose register. Undefined where the client writes. */
  const readOf = (client: number, n: number) => {
    if (n % 2 === 0) return undefined;
    const next = dice(order.seed, client, n);
    return next() % 2 === 0 ? client : next() % order.clients;
  };
  /** Number of the client's connection, from 1: a new one may lead to another member. */
  const numberOf = async (client: number, {connection}: SqlSession): Promise<number> => {
    const known = connections.get(client);
    if (known?.connection === connection) return known.count;
    if (order.options.sync) await connection.query("SET SESSION wsrep_sync_wait = 7").catch(() => {});
    const count = (known?.count ?? 0) + 1;
    connections.set(client, {connection, count});
    return count;
  };
  return sqlProgram(order, {
    kind: "write",
    data: (client, n) => (readOf(client, n) === undefined ? {register: client, value: n} : undefined),
    async prepare(connection) {
      await connection.query(
        `CREATE TABLE IF NOT EXISTS ${table} (id INT NOT NULL PRIMARY KEY, v INT NOT NULL) ENGINE=InnoDB`,
      );
      const rows = Array.from({length: order.clients}, (_, i) => `(${i}, -1)`);
      await connection.query(`INSERT IGNORE INTO ${table} (id, v) VALUES ${rows.join(", ")}`);
    },
    async perform(session, client, n): Promise<Ended> {
      const of = readOf(client, n);
      const on = await numberOf(client, session);
      if (of === undefined) {
        // Never down: a write that was cut off may arrive after the next one.
        await session.connection.query(`UPDATE ${table} SET v = GREATEST(v, ?) WHERE id = ?`, [n, client]);
        return {kind: "write", outcome: "ok", data: {register: client, value: n, on}};
      }
      try {
        const rows: {v: number}[] = await session.connection.query(`SELECT v FROM ${table} WHERE id = ?`, [of]);
        return {kind: "read", outcome: "ok", data: {register: of, value: rows[0]?.v ?? -1, on}};
      } catch (error) {
        if ((error as {fatal?: boolean}).fatal) session.destroy();
        // A read leaves nothing behind, whatever became of it.
        return {kind: "read", outcome: "failed", error: classifySqlError(error).error};
      }
    },
    async readAll(connection) {
      const rows: {v: number}[] = await connection.query(`SELECT v FROM ${table} ORDER BY id`);
      return rows.map(row => row.v);
    },
  });
}
