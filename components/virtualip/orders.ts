import type {StateQuestion} from "../../lib/state/state.ts";

/** Questions and orders to HAProxy over its own socket. To be run in each member of the virtual IP: they do not tell
 *  one another. */

/** Sends standard input to HAProxy and prints its answer. */
const ask = "socat -t 1 -T 1 - UNIX-CONNECT:/run/haproxy/admin.sock";

/** `drain`: no new sessions, those that are open go on. `ready`: as its checks say. Parsed: whether HAProxy took it. */
export function setServer(frontEnd: string, server: string, state: "drain" | "ready"): StateQuestion<boolean> {
  return {
    command: ["sh", "-c", `echo 'set server ${frontEnd}/${server} state ${state}' | ${ask}`],
    parse: ({code, stdout}) => code === 0 && stdout.trim() === "",
  };
}

/** How many sessions are open with a server; undefined when HAProxy does not say. */
export function sessionsOf(frontEnd: string, server: string): StateQuestion<number | undefined> {
  return {
    command: ["sh", "-c", `echo 'show stat' | ${ask}`],
    parse({code, stdout}) {
      const [head = "", ...lines] = stdout.split("\n");
      const column = head.replace(/^# /, "").split(",").indexOf("scur");
      const row = lines.map(line => line.split(",")).find(cells => cells[0] === frontEnd && cells[1] === server);
      const sessions = Number(row?.[column]);
      return code === 0 && column > 0 && row && Number.isFinite(sessions) ? sessions : undefined;
    },
  };
}

/** Sends the new sessions of a single-writer front end to another server; sessions that are open stay where they are.
 *  To be run in the member that holds the address; it tells the others. The row of the table must go first: HAProxy
 *  believes the name in it before the number. */
export function moveWriter(frontEnd: string, server: string): StateQuestion<boolean> {
  const script = `id=$(echo 'show servers state ${frontEnd}' | ${ask} | awk '$4 == "${server}" {print $3}')
[ -n "$id" ] || exit 1
echo "clear table ${frontEnd} key 1; set table ${frontEnd} key 1 data.server_id $id" | ${ask}`;
  return {command: ["sh", "-c", script], parse: ({code, stdout}) => code === 0 && stdout.trim() === ""};
}
