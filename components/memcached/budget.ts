import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {type Term, times} from "../../lib/budget/terms.ts";

/** Until a client has left out what does not answer. It finds the lost members one after the other, each by one
 *  operation. */
export function clientsLeaveOut(failure: Pick<Failure, "kind" | "members">, client: ClientTimings): Term[] {
  const connect = times("no connection", Math.min(client.connectMs, client.operationMs), failure.members);
  // A closed connection fails its operation at once; what is left is the attempt to connect again.
  if (failure.kind === "member silent" || failure.kind === "host lost")
    return [times("no answer", client.operationMs, failure.members)];
  return [connect];
}
