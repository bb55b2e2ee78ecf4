import type {Connection} from "mariadb";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {now, until} from "../client/time.ts";
import {classifySqlError} from "./errors.ts";
import {SqlSession} from "./session.ts";

/** What an SQL workload does on a table of its own, which is made for this run and dropped at the end. */
export interface SqlWork extends Pick<Program, "kind" | "value" | "data"> {
  /** Makes and fills the table. May be done again after it rejected. */
  prepare(connection: Connection): Promise<void>;
  /** Operation `n` of a client on its connection. */
  perform(session: SqlSession, client: number, n: number): Promise<Ended>;
  /** Everything that is there. The connection sees all that was committed. */
  readAll(connection: Connection): Promise<(string | number)[]>;
}

/** Name of the table of this run. */
export function tableOf(order: WorkloadOrder): string {
  return `hf_${order.run}_${order.name}`.replace(/\W/g, "_").slice(0, 64);
}

/** The program of an SQL workload: its clients, and one session more for what comes before and after the load. */
export function sqlProgram(order: WorkloadOrder, work: SqlWork): Program {
  // Its reads are one snapshot, whatever level the clients work at.
  const session = new SqlSession({...order, options: {...order.options, isolation: "repeatable-read"}});
  const ask = async <T>(question: (connection: Connection) => Promise<T>): Promise<T> => {
    try {
      if (!session.open) await session.connect();
      return await question(session.connection);
    } catch (error) {
      session.destroy();
      throw error;
    }
  };
  const {kind, value, data} = work;
  return {
    kind,
    value,
    data,
    prepare: () => ask(connection => work.prepare(connection)),
    client: number => new SqlClient(order, work, number),
    classify: classifySqlError,
    read: deadline => until(deadline, 250, () => ask(connection => readInOneView(connection, work))),
    clean: () =>
      until(now() + 4000, 250, () => ask(connection => connection.query(`DROP TABLE IF EXISTS ${tableOf(order)}`))),
  };
}

/** The final read, in one transaction. `wsrep_sync_wait` makes a Galera member catch up before it answers. */
async function readInOneView(connection: Connection, work: SqlWork): Promise<(string | number)[]> {
  await connection.query("SET SESSION wsrep_sync_wait = 1").catch(() => {});
  await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
  const values = await work.readAll(connection);
  await connection.query("COMMIT");
  return values;
}

class SqlClient implements Client {
  readonly window = 1;
  readonly #session: SqlSession;
  readonly #work: SqlWork;
  readonly #number: number;

  constructor(order: WorkloadOrder, work: SqlWork, number: number) {
    this.#session = new SqlSession(order);
    this.#work = work;
    this.#number = number;
  }

  get open(): boolean {
    return this.#session.open;
  }

  connect(): Promise<void> {
    return this.#session.connect();
  }

  async perform(n: number): Promise<Ended> {
    try {
      return await this.#work.perform(this.#session, this.#number, n);
    } catch (error) {
      if ((error as {fatal?: boolean}).fatal) this.destroy();
      throw error;
    }
  }

  destroy(): void {
    this.#session.destroy();
  }
}
