/** How a connection ended. `kernel`: the other side's kernel closed or reset it, as it does when a process dies.
 *  `silence`: nobody answered, or this side gave up; that says nothing about the process. */
export type Ending = "kernel" | "silence";

/** What a new connection to the replication port met. `unknown`: it could not be tried from here. */
export type ProbeResult = "accepted" | "refused" | "unanswered" | "unknown";

/** What the connections to one other member have shown. */
export interface Evidence {
  /** The connection to its daemon: `closed` once it stood and its kernel ended it. `none`: there never was one, or
   *  silence ended it. */
  hold: "none" | "open" | "closed";
  /** The connection to its watcher, the same way. */
  session: "none" | "open" | "closed";
  /** The last new connection to its replication port since something closed. */
  probe: ProbeResult;
}

export const noEvidence: Evidence = {hold: "none", session: "none", probe: "unknown"};

export type EvidenceEvent =
  | {kind: "opened"; what: "hold" | "session"}
  | {kind: "ended"; what: "hold" | "session"; how: Ending}
  | {kind: "probed"; result: ProbeResult}
  | {kind: "settled"};

/** The evidence after one more event. */
export function gather(before: Evidence, event: EvidenceEvent): Evidence {
  if (event.kind === "opened") {
    // A daemon that takes a session lives, whatever was seen before. A watcher that is back says nothing about its
    // daemon.
    return event.what === "hold"
      ? {...before, hold: "open", probe: "unknown"}
      : {...before, session: "open", ...(before.hold === "closed" ? {} : {probe: "unknown"})};
  }
  if (event.kind === "ended") {
    if (before[event.what] !== "open") return before;
    // What was probed before this end does not show what the end means.
    return {...before, [event.what]: event.how === "kernel" ? "closed" : "none", probe: "unknown"};
  }
  if (event.kind === "probed") return {...before, probe: event.result};
  // Somebody still listened when all was long over: what closed was closed for another reason (idle, a reset on the
  // way, a restart).
  const cleared = (state: Evidence["hold"]) => (state === "closed" ? "none" : state);
  return {hold: cleared(before.hold), session: cleared(before.session), probe: before.probe};
}

/** Something closed and nobody has been found listening since. */
export const troubled = (e: Evidence): boolean =>
  (e.hold === "closed" || e.session === "closed") && e.probe !== "accepted";

/** What the member's watcher last said of its own daemon, on the connection that stands. */
export type Word = "up" | "down" | "unknown" | "nothing";

/** Dead for sure, as far as one watcher can see: the daemon's connection was closed by its kernel, a new one to the
 *  replication port meets nobody, and the member's own watcher, while it can speak, says the same. Where nothing
 *  answers any more (`unanswered`), the watcher's connection must have been closed as well: the whole container
 *  went. */
export function dead(e: Evidence, word: Word, holdable: boolean): boolean {
  // An arbitrator takes no session: its watcher's connection stands for it.
  if (holdable ? e.hold !== "closed" : e.session !== "closed") return false;
  if (e.session === "open" && word !== "down") return false;
  return e.probe === "refused" || (e.probe === "unanswered" && e.session === "closed");
}
