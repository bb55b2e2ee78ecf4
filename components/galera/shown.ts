import type {CommandOutput} from "../../lib/state/state.ts";

/** Asks a member's watcher, inside the member. */
export const doorCommand = (question: string): string[] => ["galera-door", question];

/** A component as a member's database recorded it. */
interface View {
  seqno: number;
  members: string[];
}

/** How a member stands: its database waits to be started (`held`), or may run. */
export interface ShownStanding {
  kind: "held" | "running";
  cluster?: string | null;
  seqno?: number;
  view?: View | null;
  crashed?: boolean;
  home?: string;
  promise?: {name: string} | null;
  stranded?: string;
}

/** Everything that a member's watcher knows of a cluster's recovery (`galera-door show`). */
export interface ShownRecovery {
  me: string;
  /** Its own database is in a primary component. */
  primary: boolean;
  /** What its member is told while it waits. */
  told: {do: string; why?: string} | null;
  cluster?: string;
  view?: View;
  /** Members that wait with data of the cluster. */
  group: string[];
  missing: string[];
  safe: boolean;
  candidate?: string;
  why: string;
  unproven?: boolean;
  standings: Record<string, ShownStanding>;
  primaries: {name: string}[];
  recoveries: {id: string; at: number; without: string[]}[];
}

/** Reads it; undefined where the watcher did not answer so. */
export function readRecovery({code, stdout}: CommandOutput): ShownRecovery | undefined {
  if (code !== 0) return undefined;
  try {
    const shown = JSON.parse(stdout) as ShownRecovery;
    return typeof shown.me === "string" && typeof shown.standings === "object" ? shown : undefined;
  } catch {
    return undefined;
  }
}
