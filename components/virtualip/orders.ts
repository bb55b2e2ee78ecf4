import type {StateQuestion} from "../../lib/state/state.ts";

/** Questions and orders to HAProxy over its own socket. To be run in each member of the virtual IP: they do not tell one another. */

/** Sends standard input to HAProxy and prints its answer. */
export const ask = "socat -t 1 -T 1 - UNIX-CONNECT:/run/haproxy/admin.sock";

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
