import type {ComponentKind} from "../topology.ts";
import * as galera from "./galera.ts";
import * as http from "./http.ts";
import * as memcached from "./memcached.ts";
import * as rabbitmq from "./rabbitmq.ts";
import type {KindOfState, MemberState, StateQuestion} from "./state.ts";
import * as virtualip from "./virtualip.ts";

const kinds: Record<ComponentKind, KindOfState> = {galera, rabbitmq, virtualip, memcached, http};

/** How to ask a member of that kind of component for its state in its cluster. */
export function questionOf(kind: ComponentKind): StateQuestion<MemberState> {
  return kinds[kind].state;
}
