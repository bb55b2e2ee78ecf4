import {readFileSync} from "node:fs";
import type {Socket} from "node:net";
import {type Connection, createConnection} from "mariadb";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {openSocket} from "../client/socket.ts";
import {isolations} from "./options.ts";

/** One SQL connection. It is used until it breaks and never mends itself. */
export class SqlSession {
  readonly #order: WorkloadOrder;
  #connection: Connection | undefined;
  #socket: Socket | undefined;

  constructor(order: WorkloadOrder) {
    this.#order = order;
  }

  get open(): boolean {
    return this.#connection !== undefined && this.#socket?.destroyed === false;
  }

  /** The open connection. */
  get connection(): Connection {
    if (!this.#connection) throw Object.assign(new Error("the connection was cut"), {code: "closed"});
    return this.#connection;
  }

  /** Connects, and sets the isolation level where the workload has one. */
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
      for (const statement of isolations[String(options.isolation)] ?? []) await connection.query(statement);
      this.#connection = connection;
    } catch (error) {
      socket?.destroy();
      throw error;
    }
  }

  /** Cuts the connection without a word to the server. */
  destroy(): void {
    this.#connection = undefined;
    this.#socket?.destroy();
  }
}
