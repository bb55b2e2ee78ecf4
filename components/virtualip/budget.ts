import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {numberIn} from "../../lib/budget/settings.ts";
import {NoBudget, type Term, times, turn} from "../../lib/budget/terms.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** The kernel answers for what is gone: connections are closed, and new ones refused at once. */
const refuses = (kind: Failure["kind"]): boolean => kind === "process killed" || kind === "member stopped";

/** Until another member has the address, from when its holder failed. docs/budgets.md has the equations. */
export function addressMoves(vip: TopologyComponent, {kind, process}: Pick<Failure, "kind" | "process">): Term[] {
  const interval = numberIn(vip, "advertIntervalMs");
  const skew: Term = {
    name: "skew",
    ms: Math.ceil((interval * (256 - numberIn(vip, "lowestPriority"))) / 256),
  };
  const silence = [times("advert interval", interval, 3), skew];
  if (process !== undefined && process !== "main" && process !== "haproxy") return silence;
  const every = numberIn(vip, "watchIntervalMs");
  const refusals = numberIn(vip, "watchRefusals");
  // Keepalived, which outlives HAProxy, gives the address up in good order: the others wait for the skew alone.
  if (refuses(kind)) {
    return [turn("next check of HAProxy", every), ...repeated("further check of HAProxy", every, refusals - 1), skew];
  }
  if (kind === "member silent" && process !== undefined) {
    const fall = numberIn(vip, "watchFall");
    return [
      turn("next check of HAProxy", every),
      times("no answer from HAProxy", numberIn(vip, "watchTimeoutMs"), fall),
      ...repeated("further check of HAProxy", every, fall - 1),
      // Its clients are told only when the next holder is there, which is later than the skew.
      times("sessions are kept until the next holder is there", numberIn(vip, "takeoverMs"), 1),
    ];
  }
  return silence;
}

/** Whether clients of the holder are told: their connections are closed. Otherwise one that waits for an answer waits
 *  for its own limit. */
export function clientsAreTold({kind, process}: Pick<Failure, "kind" | "process">): boolean {
  return kind !== "host lost" && (kind !== "member silent" || process !== undefined);
}

/** Until HAProxy has taken a server out and cut its sessions, from when the server failed. */
export function serverOut(vip: TopologyComponent, frontEnd: string, kind: Failure["kind"]): Term[] {
  const setting = (key: string) => numberIn(vip, `${frontEnd}.${key}`);
  const [interval, fall] = [setting("intervalMs"), setting("fall")];
  const terms = [
    turn("next check of the server", interval),
    ...repeated("check in doubt", setting("fastIntervalMs"), fall - 1),
  ];
  if (refuses(kind)) return terms;
  if (kind === "member silent") {
    if (vip.settings[`${frontEnd}.asks`] !== true)
      throw new NoBudget(
        `The check of front end ${frontEnd} waits for no answer: it never sees that a server is silent. Give it a question (\`send\` and \`expect\`, or HTTP).`,
      );
    return [...terms, times("check without answer", numberIn(vip, "checkTimeoutMs"), fall)];
  }
  // HAProxy's own rule: a check connects within the shorter of the two, whatever `timeout check` says.
  const connect = Math.min(numberIn(vip, "connectTimeoutMs"), interval);
  return [...terms, times("check without connection", connect, fall)];
}

/** Until HAProxy has taken a server in again, from when its check would be answered well. */
export function serverIn(vip: TopologyComponent, frontEnd: string): Term[] {
  const setting = (key: string) => numberIn(vip, `${frontEnd}.${key}`);
  return [
    turn("next check of the server", setting("intervalMs")),
    ...repeated("check in doubt", setting("fastIntervalMs"), setting("rise") - 1),
  ];
}

/** What a client may still wait for at a server that is out, where its sessions are kept: one that came a moment before
 *  waits for an answer, or for HAProxy's connection to a server that does not refuse. */
export function keptSessions(
  vip: TopologyComponent,
  frontEnd: string,
  kind: Failure["kind"],
  client: ClientTimings,
): Term[] {
  if (vip.settings[`${frontEnd}.shutSessions`] !== false || refuses(kind)) return [];
  const connect = kind === "member silent" ? client.operationMs : numberIn(vip, "connectTimeoutMs");
  return [turn("operation under way at the server that is out", Math.min(connect, client.operationMs))];
}

const repeated = (name: string, ms: number, count: number): Term[] => (count > 0 ? [times(name, ms, count)] : []);
