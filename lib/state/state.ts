/** What a command that ran inside a member left behind. */
export interface CommandOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a command ended that said nothing. Docker gives -1 to a check that it ended because it took too long. */
export function ending({code}: Pick<CommandOutput, "code">): string {
  return code === -1 ? "its check took too long" : `exit code ${code}`;
}

/** A question to a member: what to run inside it, and how to read the answer. Health checks, `status` and the runner
 *  share it. */
export interface StateQuestion<S = MemberState> {
  command: string[];
  /** Never throws: what cannot be read becomes a state that is not healthy and says so. */
  parse(output: CommandOutput): S;
}

/** How a member stands in its cluster. */
export interface MemberState {
  /** Healthy in its cluster, not only as a process. */
  healthy: boolean;
  /** For people: `Synced, Primary (3)`. */
  state: string;
  /** What it does for the others: `writer`, `holder`, `leader:3`. */
  roles: string[];
  /** Figures and names that roles are computed from. What there is, each kind says at its question. */
  detail: Record<string, string | number | boolean>;
}
