import type {RunQueue} from "../lib/roles.ts";
import type {RunningLoad} from "./load.ts";

/** Queues that the loads of this run publish to, on the endpoints of one component. */
export function queuesOf(loads: readonly RunningLoad[], component: string): RunQueue[] {
  return loads
    .filter(load => load.plan.workload === "amqp-confirm" && load.endpoint.of === component)
    .map(({order, endpoint}) => ({
      queue: `${order.options.prefix}${order.run}.${order.name}`,
      vhost: endpoint.vhost ?? "/",
    }));
}
