import {drain} from "../../lib/drain.ts";
import type {Kind} from "../../lib/kind.ts";
import type {Proxying} from "../../lib/proxies.ts";
import {alarms} from "./alarms.ts";
import {addressMoves, clientsAreTold, keptSessions, serverIn, serverOut} from "./budget.ts";
import {advertInterval, blindChecks} from "./lints.ts";
import {move} from "./move.ts";
import {moveWriter, sessionsOf, setServer} from "./orders.ts";
import {backup, holder, holds} from "./roles.ts";
import {addressMove, state} from "./state.ts";

/** HAProxy, and Keepalived that gives it one address. */
const proxying: Proxying = {
  state,
  holds,
  writerAt({detail}, frontEnd) {
    const name = detail[`writer:${frontEnd}`];
    return typeof name === "string" ? name : undefined;
  },
  oneWriter: ({settings}, frontEnd) => settings[`${frontEnd}.mode`] === "single-writer",
  setServer,
  sessionsOf,
  moveWriter,
  budget: {addressMoves, clientsAreTold, serverOut, serverIn, keptSessions},
};

/** A virtual IP with front ends on it. */
export const virtualip: Kind = {
  name: "virtualip",
  state,
  quorum: "one",
  arbitrator: false,
  // Those beside HAProxy carry the address.
  daemons: "every",
  durable: undefined,
  roles: {holder, backup},
  // What its members cost clients is in the budget of the proxy.
  budget: {servesOn: () => [], back: () => undefined, saysNo: () => [], foundByClients: false},
  lints: (component, {lateMs}) => [...blindChecks(component), ...advertInterval(component, lateMs)],
  punctual: true,
  agreement: {alarms, awaited: false},
  witness: {address: {role: "holder", says: addressMove}, views: undefined, evictions: undefined},
  operations: [
    drain({
      refuses: ({name}) => `is ${name}, an address. It is moved, with \`move\`, and its old holder stopped.`,
    }),
    move,
  ],
  proxying,
  recovery: undefined,
};
