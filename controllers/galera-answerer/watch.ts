import {statfs} from "node:fs/promises";
import {firstLine} from "../../lib/problems.ts";
import {ask, type Database, logIn, outlives, type Session} from "../session.ts";
import type {Look} from "./answer.ts";

export interface WatchSettings {
  database: Database;
  /** Pause between two questions, in milliseconds. */
  everyMs: number;
  /** Folder on the member's disk. */
  disk: string;
}

/** The last look at the database, and why there is no newer one. */
export interface Watched {
  look: Look | undefined;
  trouble: string | undefined;
  /** Free on the member's disk. */
  freeBytes?: number;
}

const question =
  "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state', 'wsrep_cluster_status', 'wsrep_ready')";
/** Connecting or an answer that takes longer is given up, and a new connection is made. */
const limitMs = 1000;

/** Asks the database over and over on one connection, and keeps what it said last. Ends when `signal` fires. */
export async function watch(settings: WatchSettings, seen: Watched, signal: AbortSignal): Promise<void> {
  let session: Session | undefined;
  while (!signal.aborted) {
    try {
      session ??= await logIn(settings.database, limitMs);
      seen.look = read(await ask(session, question, limitMs));
      seen.trouble = undefined;
    } catch (error) {
      seen.trouble = firstLine(error);
      if (session && !outlives(session, error)) {
        session.socket.destroy();
        session = undefined;
      }
    }
    await new Promise(resolve => setTimeout(resolve, settings.everyMs));
  }
  session?.socket.destroy();
}

/** Looks over and over how much of the disk is free. Ends when `signal` fires. */
export async function watchDisk({disk, everyMs}: WatchSettings, seen: Watched, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const {bavail, bsize} = await statfs(disk);
    seen.freeBytes = bavail * bsize;
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}

function read(rows: [string, string][]): Look {
  const values = new Map(rows);
  return {
    at: performance.now(),
    localState: values.get("wsrep_local_state") ?? "unknown",
    clusterStatus: values.get("wsrep_cluster_status") ?? "unknown",
    ready: values.get("wsrep_ready") === "ON",
  };
}
