import type {Outcome} from "../../lib/history.ts";
import {classOf} from "../client/time.ts";

/** Server errors after which the statement may have been committed: shutdown, an error during commit, a query or
 *  connection that was killed, and network errors that the server noticed. */
const unknownErrors = new Set([1053, 1158, 1159, 1160, 1161, 1180, 1184, 1317, 1927]);

/** Sorts an error of a statement that had been sent. What the server refused has failed: 1213 (deadlock, also Galera's
 *  failed certification), 1205 (lock wait), 1020 (record has changed), 1047 (not prepared for application use), and
 *  whatever else it answers with a number of its own. What left no answer is unknown, and so is a commit that was cut
 *  off from the primary component. */
export function classifySqlError(error: unknown): {outcome: Outcome; error: string} {
  const {errno, message} = (error ?? {}) as {errno?: unknown; message?: unknown};
  if (/not connected to primary/i.test(String(message))) return {outcome: "unknown", error: "not-primary"};
  if (typeof errno === "number" && errno >= 1000 && errno < 45_000) {
    return {outcome: unknownErrors.has(errno) ? "unknown" : "failed", error: String(errno)};
  }
  return {outcome: "unknown", error: classOf(error)};
}
