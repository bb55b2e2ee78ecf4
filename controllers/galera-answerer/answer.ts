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
}

export interface Answer {
  writable: boolean;
  /** One line for people. */
  reason: string;
}

/** May the member take writes now? Only what it said itself, and only just now, counts. */
export function answer(look: Look | undefined, trouble: string | undefined, now: number, rules: AnswerRules): Answer {
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
