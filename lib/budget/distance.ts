import type {EndpointProtocol} from "../topology.ts";
import {type Term, times} from "./terms.ts";

/** Times that something goes there and back, from the moment when a connection breaks to the first acknowledged
 *  operation on the next one: half of one for the news, then what the protocol asks for. mysql: greeting, login,
 *  perhaps another method of login, the statement. amqp: protocol header, start, tune, channel, confirm.select, the
 *  message. */
const roundTrips: Record<EndpointProtocol, number> = {mysql: 4, amqp: 7, memcached: 2, http: 2, tcp: 1};

/** What clients that are far away wait for beside all that they wait for nearby. */
export function distance(protocol: EndpointProtocol, roundTripMs: number): Term {
  return times("way there and back", roundTripMs, roundTrips[protocol]);
}
