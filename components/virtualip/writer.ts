import {ask} from "./orders.ts";
import type {StateQuestion} from "../../lib/state/state.ts";

/** Sends the new sessions of a single-writer front end to another server; sessions that are open stay where they are. To be run in the
 *  member that holds the address; it tells the others. The row of the table must go first: HAProxy believes the name in it before the number. */
export function moveWriter(frontEnd: string, server: string): StateQuestion<boolean> {
  const script = `id=$(echo 'show servers state ${frontEnd}' | ${ask} | awk '$4 == "${server}" {print $3}')
[ -n "$id" ] || exit 1
echo "clear table ${frontEnd} key 1; set table ${frontEnd} key 1 data.server_id $id" | ${ask}`;
  return {command: ["sh", "-c", script], parse: ({code, stdout}) => code === 0 && stdout.trim() === ""};
}
