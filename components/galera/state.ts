import {type CommandOutput, ending, type MemberState, type StateQuestion} from "../../lib/state/state.ts";

/** Exit code 0: Synced in the primary component, ready, and not able to start a cluster of its own. Run inside a member
 *  or arbitrator. */
export const healthCommand = ["galera-health"];

/** How a member stands in its cluster. Detail: `cluster` (UUID of the data's history), `view` (UUID of the member in
 *  the group), `size` (members in its component), `committed` (its last transaction), `connections`, `flowControl`
 *  (share of time it was held back), `evictions` (members that its watcher has evicted since the watcher's start;
 *  absent where no watcher answers). */
export const state: StateQuestion<MemberState> = {command: ["galera-state"], parse};

/** Less counts as a full disk, for the answerer too: InnoDB grows files by 4 MiB and more, and a state transfer needs
 *  room for its log. */
export const fullBelowKib = 16 * 1024;

const numbers: Record<string, string> = {
  wsrep_cluster_size: "size",
  wsrep_last_committed: "committed",
  wsrep_flow_control_paused: "flowControl",
  Threads_connected: "connections",
  Uptime: "uptime",
  evictions: "evictions",
};

function parse(output: CommandOutput): MemberState {
  const values = new Map(
    output.stdout
      .split("\n")
      .map(line => line.split("\t"))
      .filter(parts => parts.length === 2) as [string, string][],
  );
  const local = values.get("wsrep_local_state_comment");
  const component = values.get("wsrep_cluster_status");
  const free = Number(values.get("disk_free_kib") ?? Number.NaN);
  if (free < fullBelowKib) {
    const rest = local && component ? `; ${local}, ${component}` : "";
    return {healthy: false, state: `disk full: ${free} KiB are free${rest}`, roles: [], detail: {}};
  }
  const waiting = values.get("waiting");
  if (waiting) return {healthy: false, state: waits(waiting), roles: [], detail: {}};
  if (output.code !== 0 || !local || !component) {
    return {
      healthy: false,
      state: `no answer: ${lastLine(output.stderr) || ending(output)}`,
      roles: [],
      detail: {},
    };
  }
  const token = values.get("bootstrap_token") === "ON";
  const healthy = local === "Synced" && component === "Primary" && values.get("wsrep_ready") === "ON" && !token;
  const detail: MemberState["detail"] = {};
  for (const [name, short] of Object.entries(numbers)) {
    const value = Number(values.get(name));
    if (values.has(name) && Number.isFinite(value)) detail[short] = value;
  }
  for (const [name, short] of [
    ["wsrep_cluster_state_uuid", "cluster"],
    ["wsrep_gcomm_uuid", "view"],
  ] as const) {
    const value = values.get(name);
    if (value) detail[short] = value;
  }
  const size = detail.size === undefined ? "" : ` (${detail.size})`;
  return {
    healthy,
    state: `${local}, ${component}${size}${token ? ", bootstrapping" : ""}`,
    roles: local.startsWith("Donor") ? ["donor"] : [],
    detail,
  };
}

/** `wait <why>` and `fenced <why>`, the words of its watcher, for people. */
const waits = (told: string): string =>
  told.replace(/^wait (waits )?/, "not started, waits ").replace(/^fenced /, "fenced: ");

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
