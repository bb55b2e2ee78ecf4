/** A primary component as a member's database recorded it (`mysql.wsrep_cluster`, `wsrep_cluster_members`): written
 *  before any transaction of that component is acknowledged there. */
export interface RecordedView {
  /** Transaction number that the component began with: each later one of the same history has a higher one. */
  seqno: number;
  /** Names of its members, an arbitrator among them, sorted. */
  members: string[];
}

/** A member's word that it waits for that one to start the cluster. It is on its disk before anybody hears of it. */
export interface Promised {
  name: string;
  /** Of the candidate. A candidate that is started again, or that stood back, has another one, and promises for the old
   *  one are void. */
  ballot: string;
}

/** A member whose database is not started: it waits until its watcher says how. */
export interface Held {
  kind: "held";
  /** One for each time that it offers to start the cluster. */
  ballot: string;
  /** UUID of its data's history; null where it has no data. */
  cluster: string | null;
  /** Its last transaction; -1 without data. */
  seqno: number;
  /** The last primary component that it was in; null where none is recorded. */
  view: RecordedView | null;
  /** The greatest one that it knew of anybody when it last made a promise. */
  seen: RecordedView | null;
  /** It ended without leaving that component, and was in no other one. */
  crashed: boolean;
  /** It was in a later component than the one that its database recorded, and cannot name who was in it with it. */
  beyond?: boolean;
  /** Whether its data is this cluster's: `ours` proven by the watchers' key, `foreign` proven to be another's,
   *  `unproven` nothing is said. */
  home: "ours" | "foreign" | "unproven";
  promise: Promised | null;
  /** It was taking all data from another member when it ended, or has none: whatever component it was in, it served
   *  nobody there. */
  receiving?: boolean;
  /** Its own watcher knows of a recovery that it is not part of, and it has more than was there then: it starts nothing
   *  and joins nothing. */
  ahead?: boolean;
}

/** A member whose database may run. */
export interface Running {
  kind: "running";
  /** Its database answers, and is in no primary component: `new` for less than {@link strandedMs}, `long` for longer,
   *  `old` for longer than {@link remergeMs}; `no` while it is in one, or when nothing is known. */
  stranded: "no" | "new" | "long" | "old";
  /** Its database answers at all: it was in a primary component since its start, or takes part in none. */
  answers: boolean;
}

export type Standing = Held | Running;

/** A cluster was started without some of its last members. Who comes back with more than was there then has what the
 *  others never had. */
export interface Recovery {
  id: string;
  cluster: string;
  /** Last transaction that the new begin has in common with what was before. */
  at: number;
  /** Who was not waited for. */
  without: string[];
}

/** An operator's word that some members are not waited for. It counts in one outage alone: while no later component is
 *  known than was when it was given. */
export interface Force {
  id: string;
  without: string[];
  /** Transaction number that the latest component known then began with. */
  view: number;
  /** Of several words in one outage the one with the highest number counts. */
  turn: number;
}

/** What watchers tell each other for recovery. All of it may be absent: watchers of before do not say it. */
export interface RecoveryMessage {
  /** Null: the watcher's member holds no data, or it does not know yet. */
  standing: Standing | null;
  /** UUID of the history that its database is in, while it is in a primary component. */
  cluster: string | null;
  recoveries: Recovery[];
  /** False until its member has said which recoveries its disk has: a watcher that has just been started knows of none.
   *  Absent: it knows. */
  knows?: boolean;
  force: Force | null;
}

/** Galera's own merge of parts that were one component takes less, so a member that is in none for longer, in
 *  milliseconds, is stuck. */
export const strandedMs = 4000;
/** As long a member that starts may join one that is in no primary component, in case Galera makes one of both. */
export const remergeMs = 10_000;
/** Recoveries that are kept: the newest. */
export const recoveriesKept = 16;
