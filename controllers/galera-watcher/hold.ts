import {connect, type Socket} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";
import {type Connection, createConnection} from "mariadb";
import {onEnding} from "./ending.ts";
import type {EvidenceEvent} from "./evidence.ts";

/** A database to hold a session with, and who holds it. */
export interface Held {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Longest time until a session stands. */
const limitMs = 2000;
/** Pause before the next try. */
const pauseMs = 250;

/** Holds an idle session with a daemon, so that its kernel closes it the moment the process dies, and makes a new one whenever it is gone. The
 *  session is a real one because the server drops connections that do not log in. Ends when `signal` fires. */
export async function hold(held: Held, tell: (event: EvidenceEvent) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const session = await open(held).catch(() => undefined);
    if (session) {
      tell({kind: "opened", what: "hold"});
      await ended(session, how => tell({kind: "ended", what: "hold", how}), signal);
    }
    await sleep(pauseMs, undefined, {signal}).catch(() => undefined);
  }
}

/** Opens a session on a socket of our own: the client library does not tell a reset from a time limit. */
export async function open(held: Held): Promise<{connection: Connection; socket: Socket}> {
  const socket = connect({host: held.host, port: held.port});
  // Silence on the way is found in the end, and is no evidence.
  socket.setKeepAlive(true, 5000);
  try {
    const connection = await createConnection({
      ...held,
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

function ended(
  {connection, socket}: {connection: Connection; socket: Socket},
  tell: (how: "kernel" | "silence") => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise(resolve => {
    const stop = () => connection.destroy();
    signal.addEventListener("abort", stop, {once: true});
    onEnding(socket, how => {
      signal.removeEventListener("abort", stop);
      if (!signal.aborted) tell(how);
      connection.destroy();
      resolve();
    });
    // It ended between the login and the listeners: how is not known.
    if (socket.destroyed) {
      tell("silence");
      resolve();
    }
    if (signal.aborted) stop();
  });
}
