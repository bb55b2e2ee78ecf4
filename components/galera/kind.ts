import {drain} from "../../lib/drain.ts";
import type {Kind} from "../../lib/kind.ts";
import {disagreement} from "./agreement.ts";
import {answererSaysNo, answererSaysYes, takesBack, writesGoOn} from "./budget.ts";
import {recovery} from "./recovery.ts";
import {reader, writer} from "./roles.ts";
import {state} from "./state.ts";
import {viewsOf} from "./views.ts";

/** A Galera cluster. Its arbitrator is a member, and votes like one. */
export const galera: Kind = {
  name: "galera",
  state,
  quorum: "majority",
  arbitrator: true,
  daemons: ["mariadbd"],
  durable: {waitsForDisk: true, bootstrap: ["galera-bootstrap"], proof: "home"},
  roles: {writer, reader},
  budget: {
    servesOn: (component, {kind}) => writesGoOn(component, kind),
    // One that ended joins anew, and nobody stops for that.
    back: (component, {kind}) =>
      kind === "member silent" || kind === "host lost"
        ? {serves: takesBack(component), saysYes: answererSaysYes(component)}
        : undefined,
    saysNo: answererSaysNo,
    foundByClients: false,
  },
  lints: () => [],
  punctual: false,
  agreement: {alarms: (component, states) => [disagreement(component, states) ?? []].flat(), awaited: true},
  witness: {
    address: undefined,
    views: viewsOf,
    evictions: {
      inForce: ({settings}) => settings.eviction === true,
      where: "a Galera cluster with `eviction: true`",
    },
  },
  operations: [drain()],
  proxying: undefined,
  recovery,
};
