import {drain} from "../../lib/drain.ts";
import type {Kind} from "../../lib/kind.ts";
import {clientsLeaveOut} from "./budget.ts";
import {state} from "./state.ts";

/** A pool of memcached daemons that know nothing of each other. */
export const memcached: Kind = {
  name: "memcached",
  state,
  quorum: "one",
  arbitrator: false,
  daemons: ["memcached"],
  durable: undefined,
  roles: {},
  budget: {
    servesOn: (_, failure, client) => clientsLeaveOut(failure, client),
    back: () => undefined,
    saysNo: () => [],
    foundByClients: true,
  },
  lints: () => [],
  punctual: false,
  agreement: undefined,
  witness: {address: undefined, views: undefined, evictions: undefined},
  operations: [drain()],
  proxying: undefined,
  recovery: undefined,
};
