import {type CommandOutput, ending, type MemberState, type StateQuestion} from "../../lib/state/state.ts";

/** Asks its health path over HTTP, in bash alone. Exit code 0: 200 within a second. */
export const healthCommand: string[] = [
  "bash",
  "-c",
  `exec 3<>"/dev/tcp/$HOLDFAST_ADDRESS/$HOLDFAST_PORT" && printf 'GET %s HTTP/1.0\\r\\n\\r\\n' "$HOLDFAST_HEALTH" >&3 && read -r -t 1 line <&3 && echo "$line"; case $line in "HTTP/1."?" 200"*) exit 0 ;; esac; exit 1`,
];

/** How a member of an HTTP service stands. `detail`: `status`, of its health path. */
export const state: StateQuestion<MemberState> = {command: healthCommand, parse};

function parse({code, stdout, stderr}: CommandOutput): MemberState {
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(stdout)?.[1]);
  if (!status) {
    const said = stderr.trim().split("\n").at(-1)!.slice(0, 120);
    return {healthy: false, state: `no answer${said ? `: ${said}` : ` (${ending({code})})`}`, roles: [], detail: {}};
  }
  const healthy = code === 0 && status === 200;
  return {healthy, state: healthy ? "serving" : `not serving: status ${status}`, roles: [], detail: {status}};
}
