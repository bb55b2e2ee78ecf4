/** What the member said last. */
export interface Look {
  /** When its answer came, in milliseconds of a clock that never goes back. */
  at: number;
  /** `wsrep_local_state`: 4 is Synced, 2 is Donor. */
  localState: string;
  /** `wsrep_cluster_status`: `Primary` has quorum. */
  clusterStatus: string;
  ready: boolean;
}

export interface AnswerRules {
  /** Age at which a look no longer counts, in milliseconds. */
  freshMs: number;
  /** A donor takes writes as well. */
  donorServes: boolean;
  /** Less free disk than this, in bytes, and it takes no writes. */
  lowDiskBytes: number;
}

export interface Answer {
  writable: boolean;
  /** One line for people. */
  reason: string;
}

/** May the member take writes now? Only what it said itself, and only just now, counts. */
export function answer(
  look: Look | undefined,
  trouble: string | undefined,
  now: number,
  rules: AnswerRules,
  freeBytes?: number,
): Answer {
  // First of all: a member whose disk is full goes on saying Synced, and every write on it fails.
  if (freeBytes !== undefined && freeBytes < rules.lowDiskBytes)
    return no(`disk full: ${Math.floor(freeBytes / 1024)} KiB are free`);
  if (!look) return no(`no answer from the database yet${trouble ? `: ${trouble}` : ""}`);
  const age = now - look.at;
  if (age > rules.freshMs)
    return no(`last answer from the database is ${Math.round(age)} ms old${trouble ? `: ${trouble}` : ""}`);
  if (look.clusterStatus !== "Primary") return no(`component is ${look.clusterStatus}, not Primary`);
  if (look.localState !== "4" && !(look.localState === "2" && rules.donorServes))
    return no(`local state is ${stateName(look.localState)}, not Synced`);
  if (!look.ready) return no("wsrep_ready is OFF");
  return {writable: true, reason: `${stateName(look.localState)}, Primary`};
}

const no = (reason: string): Answer => ({writable: false, reason});
const names: Record<string, string> = {1: "Joining", 2: "Donor", 3: "Joined", 4: "Synced"};
const stateName = (state: string): string => names[state] ?? state;
