import {type CommandOutput, ending, type MemberState, type StateQuestion} from "../../lib/state/state.ts";

/** Exit code 0: HAProxy answers with every front end bound, and Keepalived listens beside it. Servers that are down do
 *  not make a member unhealthy: they are another component's matter. Run inside the container of HAProxy. */
export const healthCommand = ["holdfast-state", "health"];

/** Who holds the address, and where each front end leads. Detail: `holds`; `up:<front end>` (servers that may serve)
 *  and, for front ends with a single writer, `writer:<front end>` (name of the server that new sessions go to; absent
 *  when none may serve). */
export const state: StateQuestion<MemberState> = {command: ["holdfast-state"], parse};

/** A server as HAProxy lists it. */
interface Server {
  frontEnd: string;
  name: string;
  number: string;
  up: boolean;
}

/** What a line of Keepalived's log says: that the member has the address from now on (true), or has it no more (false).
 *  A process that begins takes off what one before it left behind. Undefined: neither. */
export function addressMove(line: string): boolean | undefined {
  if (/entering MASTER STATE/i.test(line)) return true;
  return /entering (BACKUP|FAULT) STATE|(Starting|Stopped) Keepalived/i.test(line) ? false : undefined;
}

function parse({code, stdout, stderr}: CommandOutput): MemberState {
  const lines = stdout.split("\n");
  const answer = lines[0] ?? "";
  const holds = lines.includes("holds yes");
  if (!holds && !lines.includes("holds no")) {
    const last = stderr.trim().split("\n").at(-1)?.slice(0, 200);
    return {healthy: false, state: `no answer: ${last || ending({code})}`, roles: [], detail: {}};
  }
  const healthy = code === 0 && answer === "healthy";
  return {
    healthy,
    state: `${holds ? "holds the address" : "backup"}${healthy ? "" : `, ${answer || ending({code})}`}`,
    roles: holds ? ["holder"] : [],
    detail: {holds, ...frontEnds(servers(lines), tables(lines))},
  };
}

function frontEnds(all: Server[], writers: Map<string, string>): MemberState["detail"] {
  const detail: MemberState["detail"] = {};
  for (const frontEnd of new Set(all.map(s => s.frontEnd))) {
    const up = all.filter(s => s.frontEnd === frontEnd && s.up);
    detail[`up:${frontEnd}`] = up.length;
    if (!writers.has(frontEnd)) continue;
    // The row of the table counts while its server is up; else HAProxy takes the first in the order of the
    // configuration.
    const row = writers.get(frontEnd);
    const writer = up.find(s => s.name === row || `#${s.number}` === row) ?? up[0];
    if (writer) detail[`writer:${frontEnd}`] = writer.name;
  }
  return detail;
}

/** `4 sql 1 db-0 198.18.21.30 2 0 ...`: number and name of the front end and of the server, its address, 2 for running,
 *  0 for not taken out. */
function servers(lines: string[]): Server[] {
  return lines
    .map(line => line.split(" "))
    .filter(f => f.length > 20 && /^\d+$/.test(f[0]!))
    .map(f => ({frontEnd: f[1]!, name: f[3]!, number: f[2]!, up: f[5] === "2" && f[6] === "0"}));
}

/** `# table: sql, ...`, then at most one row `0x55...: key=1 ... server_key=db-0`. An empty table gives an empty
 *  name. */
function tables(lines: string[]): Map<string, string> {
  const found = new Map<string, string>();
  let table: string | undefined;
  for (const line of lines) {
    table = /^# table: ([^,]+),/.exec(line)?.[1] ?? table;
    if (table === undefined) continue;
    // A row that was set by hand has the number alone until a session has used it.
    const [, number, name] = / key=1 .*server_id=(\d+)(?: server_(?:key|name)=(\S+))?/.exec(line) ?? [];
    const server = name && name !== "-" ? name : number && `#${number}`;
    if (server || !found.has(table)) found.set(table, server ?? "");
  }
  return found;
}
