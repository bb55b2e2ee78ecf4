import {type CommandOutput, ending, type MemberState, type StateQuestion} from "../../lib/state/state.ts";

/** Asks over the protocol, in bash alone. The answer ends with `END`; a daemon that is stopped gives none within a
 *  second. */
export const healthCommand: string[] = [
  "bash",
  "-c",
  `exec 3<>"/dev/tcp/$HOLDFAST_ADDRESS/11211" && printf 'stats\\r\\n' >&3 && while read -r -t 1 line <&3; do echo "$line"; [ "\${line%$'\\r'}" = END ] && exit 0; done; echo 'no answer within 1 s' >&2; exit 1`,
];

/** How a memcached stands. `detail`: `version`, `connections`, `items`, `bytes`, `hits`, `misses`, `evictions`,
 *  `uptimeSeconds`. */
export const state: StateQuestion<MemberState> = {command: healthCommand, parse};

const figures = {
  uptimeSeconds: "uptime",
  connections: "curr_connections",
  items: "curr_items",
  bytes: "bytes",
  hits: "get_hits",
  misses: "get_misses",
  evictions: "evictions",
};

function parse({code, stdout, stderr}: CommandOutput): MemberState {
  const stats = new Map([...stdout.matchAll(/^STAT (\S+) (.*?)\r?$/gm)].map(([, key, value]) => [key!, value!]));
  if (code !== 0 || !stats.has("version")) {
    const said = stderr.trim().split("\n").at(-1)!.slice(0, 120);
    return {healthy: false, state: `no answer${said ? `: ${said}` : ` (${ending({code})})`}`, roles: [], detail: {}};
  }
  const detail: MemberState["detail"] = {version: stats.get("version")!};
  for (const [name, stat] of Object.entries(figures)) detail[name] = Number(stats.get(stat) ?? 0);
  return {healthy: true, state: `serving, ${detail.items} items, ${detail.connections} connections`, roles: [], detail};
}
