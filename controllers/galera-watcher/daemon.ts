import type {Connection} from "mariadb";
import type {Look} from "./brain.ts";
import {onEnding} from "./ending.ts";
import {type Held, open} from "./hold.ts";
import {type Message, type ViewMember, type Vote, viewOf} from "./message.ts";

/** What a member's own daemon can be asked for, and told. The account may do no more: it runs three procedures. */
export interface Daemon {
  evict(vote: Vote): Promise<void>;
  clear(): Promise<void>;
}

/** A look that takes longer is given up, and a new connection is made. */
const limitMs = 1000;

/** Looks at the member's own daemon over and over. `tell` hears of each look, and at once when the daemon is gone. Ends when `signal` fires. */
export function watchDaemon(
  held: Held,
  everyMs: number,
  tell: (word: Message["daemon"], look: Look | undefined, trouble?: string) => void,
  signal: AbortSignal,
): Daemon & {done: Promise<void>} {
  let connection: Connection | undefined;
  let wake = () => {};
  const done = (async () => {
    while (!signal.aborted) {
      try {
        connection ??= await connectTo(held, () => {
          connection = undefined;
          wake();
        });
        tell("up", readLook(await within(limitMs, call(connection, "CALL holdfast.look()"))));
      } catch (error) {
        connection?.destroy();
        connection = undefined;
        const {code, message} = error as NodeJS.ErrnoException;
        tell(code === "ECONNREFUSED" ? "down" : "unknown", undefined, message.split("\n")[0]!.slice(0, 200));
      }
      await new Promise<void>(resolve => {
        wake = resolve;
        setTimeout(resolve, everyMs);
      });
    }
    connection?.destroy();
  })();
  const now = async (sql: string, values: string[] = []) => {
    if (!connection) throw new Error("the daemon is not connected");
    await within(limitMs, call(connection, sql, values));
  };
  return {
    done,
    // The daemon compares the view once more itself: a look may be older than the view.
    evict: vote => now("CALL holdfast.evict(?, ?)", [vote.id, vote.view]),
    clear: () => now("CALL holdfast.clear()"),
  };
}

async function connectTo(held: Held, gone: () => void): Promise<Connection> {
  const {connection, socket} = await open(held);
  onEnding(socket, gone);
  return connection;
}

const call = (connection: Connection, sql: string, values: string[] = []): Promise<unknown> =>
  connection.query({sql, rowsAsArray: true}, values);

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

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
