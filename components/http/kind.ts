import {drain} from "../../lib/drain.ts";
import type {Kind} from "../../lib/kind.ts";
import {state} from "./state.ts";

/** A stateless HTTP service. Its program is the user's own, so no process of it is known by name. */
export const http: Kind = {
  name: "http",
  state,
  quorum: "one",
  arbitrator: false,
  daemons: [],
  durable: undefined,
  roles: {},
  // What is left serves at once; clients get there by way of a proxy.
  budget: {servesOn: () => [], back: () => undefined, saysNo: () => [], foundByClients: false},
  lints: () => [],
  punctual: false,
  agreement: undefined,
  witness: {address: undefined, views: undefined, evictions: undefined},
  operations: [drain()],
  proxying: undefined,
  recovery: undefined,
};
