import {connect, type Socket} from "node:net";
import {type Connection, createConnection} from "mariadb";

/** A database, and the account to log in with. */
export interface Database {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A login to a database, on a socket of our own: the client library does not tell a reset from a time limit. To be
 *  dropped by `socket.destroy()`: where a question is under way, the library's own `connection.destroy()` logs in once
 *  more to end it by KILL, and a refusal of that (error 1047, in no primary component) ends the whole program (mariadb
 *  3.5, seen in a member that had been frozen). */
export interface Session {
  connection: Connection;
  socket: Socket;
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
    return {connection, socket};
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The server has a question answered with this while its member is in no primary component. The session stays as good
 *  as it was. */
const notPrepared = 1047;

/** Whether the server answered that its member is in no primary component. */
export const isNotPrepared = (error: unknown): boolean => (error as {errno?: number}).errno === notPrepared;

/** Whether a session that gave this error can be asked again. */
export function outlives({socket}: Session, error: unknown): boolean {
  return !socket.destroyed && isNotPrepared(error);
}

/** What the server answers, as rows of values. Fails after `limitMs`, and when the session ends, of which the library
 *  does not learn where it was by `socket.destroy()`. Nothing here lasts as long as the session: a race with a promise
 *  that does would keep every answer until then. */
export async function ask<Answer>(
  {connection, socket}: Session,
  sql: string,
  limitMs: number,
  values: string[] = [],
): Promise<Answer> {
  if (socket.destroyed) throw new Error(endedText);
  const {promise: failure, reject} = Promise.withResolvers<never>();
  const end = () => reject(new Error(endedText));
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  socket.once("close", end);
  try {
    return await Promise.race([connection.query<Answer>({sql, rowsAsArray: true}, values), failure]);
  } finally {
    clearTimeout(timer);
    socket.off("close", end);
  }
}

const endedText = "the connection ended";
