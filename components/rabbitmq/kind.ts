import {drain} from "../../lib/drain.ts";
import type {Kind} from "../../lib/kind.ts";
import {queuesGoOn} from "./budget.ts";
import {fewCopies, mirrorSync, partitions} from "./lints.ts";
import {follower, leader} from "./roles.ts";
import {drain as handOver, state} from "./state.ts";

/** A RabbitMQ cluster. */
export const rabbitmq: Kind = {
  name: "rabbitmq",
  state,
  quorum: "majority",
  arbitrator: false,
  daemons: ["beam.smp"],
  durable: {waitsForDisk: true, bootstrap: ["/opt/holdfast/holdfast-first"], proof: undefined},
  roles: {leader, follower},
  budget: {
    servesOn: (component, {kind}, client) => queuesGoOn(component, kind, client),
    back: () => undefined,
    saysNo: () => [],
    foundByClients: false,
  },
  lints: component => [...partitions(component), ...mirrorSync(component), ...fewCopies(component)],
  punctual: false,
  agreement: undefined,
  witness: {address: undefined, views: undefined, evictions: undefined},
  operations: [drain({handOver})],
  proxying: undefined,
  recovery: undefined,
};
