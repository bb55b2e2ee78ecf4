import type {ClientTimings, Failure} from "../../lib/budget/failure.ts";
import {numberIn} from "../../lib/budget/settings.ts";
import {type Term, times} from "../../lib/budget/terms.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** Longest wait of a Raft follower whose leader's node is gone until it asks for votes: 100 ms and a random part of up
 *  to 5 times that, built into Ra, which has quorum queues. A vote that is split would be repeated. */
const electionMs = 600;

/** Until the other members know that one is gone: at once where its connections close, and after net_ticktime where it
 *  is silent. The peers are looked at four times in net_ticktime, so silence is seen between 0.75 and 1.25 times
 *  that. */
export function memberMissed(rabbitmq: TopologyComponent, kind: Failure["kind"]): Term[] {
  if (kind !== "member silent" && kind !== "host lost") return [];
  const tick = numberIn(rabbitmq, "netTicktimeMs") / 4;
  return [times("quarter of net_ticktime", tick, 3), {...times("next quarter", tick, 2), upTo: true}];
}

/** Until the queue that the member led is led by another, and clients get confirms from there. */
export function queuesGoOn(rabbitmq: TopologyComponent, kind: Failure["kind"], client: ClientTimings): Term[] {
  const missed = memberMissed(rabbitmq, kind);
  const quorum = (client.queue ?? rabbitmq.settings.replication) === "quorum";
  const elected = quorum ? [times("election", electionMs, 1)] : [];
  // Publishes that were on their way to a silent leader are never confirmed: a client whose window is full of them
  // waits for their limit (measured: 6.4 s at net_ticktime 5, 9.6 s at 6, each just after a multiple of the client's 3
  // s). With quorum queues one that was lost with a leader that died has the same end: before RabbitMQ 4.2 the broker
  // of the client does not always send it again, and confirms nothing that follows on that channel (rabbitmq-server,
  // pull request 14589; measured: 3.3 s).
  const owed = quorum || missed.length > 0 ? [times("publishes that nobody confirms", client.operationMs, 1)] : [];
  return [...missed, ...elected, ...owed];
}
