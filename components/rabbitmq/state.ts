import {type CommandOutput, ending, type MemberState, type StateQuestion} from "../../lib/state/state.ts";

const program = "/opt/holdfast/holdfast-state";

/** Names of members resolve inside the cluster alone. */
const domain = "internal";

/** The Erlang node of a member. */
export const nodeOf = (member: string): string => `rabbit@${member}.${domain}`;

/** The host name of a member inside the cluster. */
export const hostOf = (member: string): string => `${member}.${domain}`;

/** The member of an Erlang node; undefined for a name that is none of ours. */
export const memberOf = (node: string): string | undefined => /^rabbit@([a-z0-9-]+)\.internal$/.exec(node)?.[1];

/** Exit code 0: it serves, hears a majority and sees no partition. */
export const healthCommand: string[] = [program];

/** How a broker stands in its cluster. `detail`: `running`, `known` and `up` members, `partitions`, `alarms`, `full`
 *  (its own disk), `queues`, `leaders`. */
export const state: StateQuestion<MemberState> = {command: healthCommand, parse};

/** Which member leads a queue; undefined when there is no such queue or no answer. */
export function queueLeader(queue: string, vhost: string): StateQuestion<string | undefined> {
  const hex = (text: string) => Buffer.from(text).toString("hex");
  return {
    command: [program, "queue", hex(vhost), hex(queue)],
    parse: ({code, stdout}) => (code === 0 ? memberOf(stdout.trim()) : undefined),
  };
}

/** Makes a broker give its queues and clients to others, as before it is stopped on purpose; its next start ends
 *  that. */
export const drain: StateQuestion<boolean> = {command: [program, "drain"], parse: ({code}) => code === 0};

/** Takes a broker out of its cluster for good, with all that it holds. */
export const leaveCommand: string[] = [program, "leave"];

/** Makes the others forget a broker that is down. */
export const forgetCommand = (member: string): string[] => [program, "forget", nodeOf(member)];

function parse({code, stdout, stderr}: CommandOutput): MemberState {
  const answer = read(stdout);
  if (!answer) {
    const said = (stderr.trim() || stdout.trim()).split("\n").at(-1)!.slice(0, 120);
    return {healthy: false, state: `no answer${said ? `: ${said}` : ` (${ending({code})})`}`, roles: [], detail: {}};
  }
  const {running, known, up, partitions, leaders, alarms} = answer;
  const parts = [
    running ? "running" : "not serving (starting, or paused without a majority)",
    `${up} of ${known}`,
    ...(Number(partitions) > 0 ? ["partitioned"] : []),
    ...(answer.full === true ? ["disk full"] : []),
    ...(Number(alarms) > 0 ? ["memory or disk alarm: publishers are blocked"] : []),
  ];
  return {
    healthy: code === 0 && answer.healthy === true,
    state: parts.join(", "),
    roles: Number(leaders) > 0 ? [`leader:${leaders}`] : [],
    detail: answer,
  };
}

function read(stdout: string): MemberState["detail"] | undefined {
  try {
    const answer: unknown = JSON.parse(stdout.trim());
    return typeof answer === "object" && answer !== null && "running" in answer
      ? (answer as MemberState["detail"])
      : undefined;
  } catch {
    return undefined;
  }
}
