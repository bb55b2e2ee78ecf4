import {passes} from "../faults/fault.ts";
import {faultOf} from "../faults/registry.ts";
import type {FaultPlan} from "./scenario.ts";

/** Longest time that the steps can take, from the begin of the load: for the load, which ends by itself after that. */
export function longestMs(plans: readonly FaultPlan[], recoveredMs: number): number {
  const length = ({kind, params, forMs, repeat}: FaultPlan) => {
    const lasts = passes(faultOf(kind), params) ? 0 : forMs;
    const {times, everyMs, settled} = repeat ?? {times: 1, everyMs: 0, settled: false};
    return times * (Math.max(everyMs, lasts) + (settled ? recoveredMs : 0) + slackMs);
  };
  const end = (plan: FaultPlan): number => {
    const before = plan.after ? plans.find(p => p.name === plan.after!.fault) : undefined;
    const waits = before ? end(before) + (plan.after!.is === "recovered" ? recoveredMs : 0) : 0;
    return waits + plan.atMs + length(plan);
  };
  return Math.max(0, ...plans.map(end));
}

/** What finding, confirming and healing may add to one injection. */
const slackMs = 1000;
