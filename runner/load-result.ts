import {summarise} from "../lib/analysis/summary.ts";
import {showMs} from "../lib/durations.ts";
import type {WorkloadResult} from "../lib/result.ts";
import type {RunningLoad} from "./load.ts";

/** What one workload found, as the result tells it. */
export function resultOf({plan, plugin, client, endpoint}: RunningLoad): WorkloadResult {
  const {workload, clients, rate, via} = plan;
  const found = plugin.check(client.history);
  const result = summarise({workload, endpoint: endpoint.name, clients, rate}, client.history, found);
  if (!via) return result;
  const note = `Through a proxy that holds everything back for ${showMs(via.latencyMs)} in each direction.`;
  return {...result, notes: [...(result.notes ?? []), note]};
}
