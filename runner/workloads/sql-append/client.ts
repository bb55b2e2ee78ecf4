import {readFileSync} from "node:fs";
import type {Socket} from "node:net";
import {type Connection, createConnection} from "mariadb";
import type {WorkloadOrder} from "../../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {openSocket} from "../client/socket.ts";
import {now, until} from "../client/time.ts";
import {classifySqlError} from "./errors.ts";

const pageRows = 5000;

/** Inserts unique rows into a table of its own, made for this run and dropped at the end. */
export function sqlAppend(order: WorkloadOrder): Program {
  const table = `hf_${order.run}_${order.name}`.replace(/\W/g, "_").slice(0, 64);
  const session = new SqlClient(order, table, -1);
  const ask = async <T>(question: (connection: Connection) => Promise<T>): Promise<T> => {
    try {
      if (!session.open) await session.connect();
      return await question(session.connection!);
    } catch (error) {
      session.destroy();
      throw error;
    }
  };
  return {
    kind: "append",
    value: (client, n) => `${client}-${n}`,
    prepare: () =>
      ask(async connection => {
        await connection.query(
          `CREATE TABLE IF NOT EXISTS ${table} (client INT NOT NULL, n INT NOT NULL, payload MEDIUMTEXT NOT NULL, PRIMARY KEY (client, n)) ENGINE=InnoDB`,
        );
      }),
    client: number => new SqlClient(order, table, number),
    classify: classifySqlError,
    read: deadline => until(deadline, 250, () => ask(connection => readAll(connection, table))),
    clean: () => until(now() + 4000, 250, () => ask(connection => connection.query(`DROP TABLE IF EXISTS ${table}`))),
  };
}

/** All rows in pages. `wsrep_sync_wait` makes a Galera member catch up before it answers. */
async function readAll(connection: Connection, table: string): Promise<string[]> {
  await connection.query("SET SESSION wsrep_sync_wait = 1").catch(() => {});
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

class SqlClient implements Client {
  readonly window = 1;
  connection: Connection | undefined;
  readonly #order: WorkloadOrder;
  readonly #number: number;
  readonly #insert: string;
  readonly #payload: string;
  #socket: Socket | undefined;

  constructor(order: WorkloadOrder, table: string, number: number) {
    this.#order = order;
    this.#number = number;
    this.#insert = `INSERT INTO ${table} (client, n, payload) VALUES (?, ?, ?)`;
    this.#payload = "x".repeat(Number(order.options.bytes ?? 64));
  }

  get open(): boolean {
    return this.connection !== undefined && this.#socket?.destroyed === false;
  }

  async connect(): Promise<void> {
    const {target, options, timeoutMs} = this.#order;
    let socket: Socket | undefined;
    try {
      const connection = await createConnection({
        host: target.address,
        port: target.port,
        user: target.user,
        password: target.passwordFile ? readFileSync(target.passwordFile, "utf8").trim() : undefined,
        database: target.database,
        connectTimeout: timeoutMs,
        // Its own socket, because the connector's `destroy` opens a second connection to send KILL.
        stream: ready => {
          socket = this.#socket = openSocket(target.address, target.port, Number(options.connectTimeout ?? 250));
          ready(undefined, socket);
        },
      });
      connection.on("error", () => socket?.destroy());
      this.connection = connection;
    } catch (error) {
      socket?.destroy();
      throw error;
    }
  }

  async perform(n: number): Promise<Ended> {
    try {
      await this.connection!.query(this.#insert, [this.#number, n, this.#payload]);
      return {kind: "append", outcome: "ok", value: `${this.#number}-${n}`};
    } catch (error) {
      if ((error as {fatal?: boolean}).fatal) this.destroy();
      throw error;
    }
  }

  destroy(): void {
    this.connection = undefined;
    this.#socket?.destroy();
  }
}
