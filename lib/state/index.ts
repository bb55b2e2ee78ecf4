import type {ComponentKind} from "../topology.ts";
import * as galera from "./galera.ts";
import * as memcached from "./memcached.ts";
import * as rabbitmq from "./rabbitmq.ts";
import type {KindOfState, MemberState, StateQuestion} from "./state.ts";

const virtualip: KindOfState = {
  healthCommand: ["true"],
  state: {
    command: ["true"],
    parse: ({code}) => ({healthy: code === 0, state: code === 0 ? "running" : "no answer", roles: [], detail: {}}),
  },
};
const kinds: Record<ComponentKind, KindOfState> = {galera, rabbitmq, virtualip, memcached};

/** How to ask a member of that kind of component for its state in its cluster. */
export function questionOf(kind: ComponentKind): StateQuestion<MemberState> {
  return kinds[kind].state;
}
