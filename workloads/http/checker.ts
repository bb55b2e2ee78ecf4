import type {Check} from "../../lib/analysis/check.ts";
import {errorsOf} from "../../lib/analysis/outages.ts";
import type {History, Operation} from "../../lib/history.ts";
import type {Finding} from "../../lib/result.ts";

export const finds = ["wrong-body", "wrong-status"];

/** A service may say that it cannot just now; what it answers otherwise must be right. Besides, operations by route,
 *  and who answered. */
export function check({operations}: History): Check {
  const servers: NonNullable<Check["servers"]> = {};
  for (const {data} of operations) {
    const server = (data as {server?: string} | undefined)?.server;
    if (server) servers[server] = (Object.hasOwn(servers, server) ? servers[server]! : 0) + 1;
  }
  const routes: NonNullable<Check["routes"]> = {};
  for (const [route, own] of Map.groupBy(operations, o => o.kind)) {
    const count = (outcome: string) => own.filter(o => o.outcome === outcome).length;
    routes[route] = {ok: count("ok"), failed: count("failed"), unknown: count("unknown"), errors: errorsOf(own)};
  }
  return {
    routes,
    ...(Object.keys(servers).length > 0 ? {servers} : {}),
    findings: [
      ...wrong(operations, "wrong-body", o => o.error === "wrong-body", "did not contain what it must"),
      ...wrong(
        operations,
        "wrong-status",
        o => o.error?.startsWith("wrong-status") === true,
        "had a status that is neither expected nor says that the service is not available",
      ),
    ],
  };
}

/** One finding for each route, with its first wrong answer. */
function wrong(
  operations: readonly Operation[],
  anomaly: string,
  is: (o: Operation) => boolean,
  text: string,
): Finding[] {
  return [...Map.groupBy(operations.filter(is), o => o.kind)].map(([route, all]) => {
    const {status, server} = all[0]!.data as {status: number; server?: string};
    const by = server ? ` by ${server}` : "";
    return {
      anomaly,
      text: `${all.length} answers to ${route} ${text}; the first was ${status}${by}.`,
      operations: [all[0]!],
    };
  });
}
