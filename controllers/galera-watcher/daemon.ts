import {firstLine} from "../../lib/problems.ts";
import {ask, type Database, isNotPrepared, logIn, outlives, type Session} from "../session.ts";
import type {Look} from "./brain.ts";
import {onEnding} from "./ending.ts";
import {type Message, type ViewMember, type Vote, viewOf} from "./message.ts";

/** What a member's own daemon can be asked for, and told. The account may do no more: it runs three procedures. */
export interface Daemon {
  evict(vote: Vote): Promise<void>;
  clear(): Promise<void>;
}

/** A look that takes longer is given up, and a new connection is made. */
const limitMs = 1000;
/** Longest time until a session stands. */
const loginMs = 2000;

/** What one look at a daemon gave. */
export interface Told {
  word: Message["daemon"];
  look?: Look;
  /** UUID of the history that it is in, while it is in a primary component. */
  cluster?: string | undefined;
  /** It answered that it is in no primary component. */
  outside?: boolean;
  trouble?: string;
}

/** Looks at the member's own daemon over and over. `tell` hears of each look, and at once when the daemon is gone
 *  between two. Ends when `signal` fires. */
export function watchDaemon(
  database: Database,
  everyMs: number,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Daemon & {done: Promise<void>} {
  let session: Session | undefined;
  /** The history is asked for once a view. */
  let history: {view: string; cluster: string | undefined} | undefined;
  let wake = () => {};
  const drop = (one: Session | undefined) => {
    if (session === one) session = undefined;
    one?.socket.destroy();
  };
  const logInAndHear = async () => {
    const one = await logIn(database, loginMs);
    // What ends a session that is still asked is news, and the next look must not wait. One that was given up says
    // nothing.
    onEnding(one.socket, () => {
      if (session !== one) return;
      drop(one);
      wake();
    });
    return one;
  };
  const done = (async () => {
    while (!signal.aborted) {
      try {
        session ??= await logInAndHear();
        const look = readLook(await ask(session, "CALL holdfast.look()", limitMs));
        const view = look.view?.key;
        if (view && history?.view !== view) history = {view, cluster: await historyOf(session)};
        tell({word: "up", look, ...(view ? {cluster: history?.cluster} : {outside: true})});
      } catch (error) {
        if (session && !outlives(session, error)) drop(session);
        const {code} = error as NodeJS.ErrnoException;
        const word = code === "ECONNREFUSED" ? "down" : "unknown";
        tell({word, outside: isNotPrepared(error), trouble: firstLine(error)});
      }
      await new Promise<void>(resolve => {
        wake = resolve;
        setTimeout(resolve, everyMs);
      });
    }
    drop(session);
  })();
  const now = async (sql: string, values: string[] = []) => {
    if (!session) throw new Error("the daemon is not connected");
    await ask(session, sql, limitMs, values);
  };
  return {
    done,
    // The daemon compares the view once more itself: a look may be older than the view.
    evict: vote => now("CALL holdfast.evict(?, ?)", [vote.id, vote.view]),
    clear: () => now("CALL holdfast.clear()"),
  };
}

async function historyOf(session: Session): Promise<string | undefined> {
  const rows = await ask<[string][]>(
    session,
    "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'wsrep_cluster_state_uuid'",
    limitMs,
  );
  return rows[0]?.[0];
}

/** Rows of `holdfast.look`: `member`, id, name; and `status`, name, value. */
export function readLook(result: unknown): Look {
  const rows = (
    Array.isArray(result) && Array.isArray(result[0]) && Array.isArray(result[0][0]) ? result[0] : result
  ) as [kind: string, a: string, b: string][];
  const members = rows.filter(([kind]) => kind === "member").map(([, id, name]): ViewMember => ({id, name}));
  const status = new Map(
    rows.filter(([kind]) => kind === "status").map(([, name, value]) => [name.toLowerCase(), value]),
  );
  const number = Number(status.get("wsrep_cluster_conf_id"));
  const primary =
    status.get("wsrep_cluster_status") === "Primary" && Number.isSafeInteger(number) && members.length > 0;
  return {
    view: primary ? viewOf(number, members) : null,
    evictionList: (status.get("wsrep_evs_evict_list") ?? "").split(",").filter(id => id !== ""),
  };
}
