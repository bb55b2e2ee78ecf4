import {setTimeout as sleep} from "node:timers/promises";
import {type Database, logIn, type Session} from "../session.ts";
import {onEnding} from "./ending.ts";
import type {EvidenceEvent} from "./evidence.ts";

/** Longest time until a session stands. */
const limitMs = 2000;
/** Pause before the next try. */
const pauseMs = 250;

/** Holds an idle session with a daemon, so that its kernel closes it the moment the process dies, and makes a new one
 *  whenever it is gone. The session is a real one because the server drops connections that do not log in. Ends when
 *  `signal` fires. */
export async function hold(
  database: Database,
  tell: (event: EvidenceEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const session = await logIn(database, limitMs).catch(() => undefined);
    if (session) {
      tell({kind: "opened", what: "hold"});
      await ended(session, how => tell({kind: "ended", what: "hold", how}), signal);
    }
    await sleep(pauseMs, undefined, {signal}).catch(() => undefined);
  }
}

function ended({socket}: Session, tell: (how: "kernel" | "silence") => void, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, {once: true});
    onEnding(socket, how => {
      signal.removeEventListener("abort", stop);
      if (!signal.aborted) tell(how);
      socket.destroy();
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
