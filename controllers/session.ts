import {connect, type Socket} from "node:net";
import {type Connection, createConnection} from "mariadb";

/** A database, and the account to log in with. */
export interface Database {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A login to a database, on a socket of our own: the client library does not tell a reset from a time limit. To be dropped by
 *  `socket.destroy()`: where a question is under way, the library's own `connection.destroy()` logs in once more to end it by KILL, and a refusal of that
 *  (error 1047, in no primary component) ends the whole program (mariadb 3.5, seen in a member that had been frozen). */
export interface Session {
  connection: Connection;
  socket: Socket;
  /** Fails when the connection is no more, by whatever end. The library does not learn of `socket.destroy()`. */
  over: Promise<never>;
}

/** Logs in. Fails when that takes longer than `limitMs`. */
export async function logIn(database: Database, limitMs: number): Promise<Session> {
  const {host, port, user, password} = database;
  const socket = connect({host, port});
  // Silence on the way is found in the end, and is no evidence.
  socket.setKeepAlive(true, 5000);
  try {
    const connection = await createConnection({
      host,
      port,
      user,
      password,
      stream: callback => callback(undefined, socket),
      connectTimeout: limitMs,
      initializationTimeout: limitMs,
      allowPublicKeyRetrieval: false,
      insertIdAsNumber: true,
    } as Parameters<typeof createConnection>[0]);
    // Told by the socket; without a listener it would end the process.
    connection.on("error", () => undefined);
    const over = new Promise<never>((_, reject) =>
      socket.once("close", () => reject(new Error("the connection ended"))),
    );
    over.catch(() => undefined);
    return {connection, socket, over};
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The server has a question answered with this while its member is in no primary component. The session stays as good as it was. */
const notPrepared = 1047;

/** Whether a session that gave this error can be asked again. */
export function outlives({socket}: Session, error: unknown): boolean {
  return !socket.destroyed && (error as {errno?: number}).errno === notPrepared;
}

/** What the server answers, as rows of values. Fails after `limitMs`, and when the session ends. */
export function ask<Answer>(
  {connection, over}: Session,
  sql: string,
  limitMs: number,
  values: string[] = [],
): Promise<Answer> {
  return within(limitMs, Promise.race([connection.query<Answer>({sql, rowsAsArray: true}, values), over]));
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
