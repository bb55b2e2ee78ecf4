import type {Check} from "../lib/analysis/check.ts";
import type {History} from "../lib/history.ts";
import type {EndpointProtocol} from "../lib/topology.ts";
import type {OptionTable} from "./options.ts";

/** A workload as the host sees it: what it needs, what can be set, and how its history is judged. The program that
 *  makes the load stands beside it in `client.ts` and runs in a container; the host never imports that. */
export interface WorkloadPlugin {
  name: string;
  /** One sentence: what it does and what it proves. */
  summary: string;
  /** Protocols of the endpoints that it can use; `any` speaks to whatever listens on TCP. */
  protocols: readonly EndpointProtocol[] | "any";
  /** Options besides `clients` and `rate`, which every workload has. */
  options: OptionTable;
  /** Default longest time to wait for one operation, in milliseconds. */
  timeoutMs: number;
  /** It reads back what it wrote once the faults are healed. */
  readsBack: boolean;
  /** Classes of anomalies that its checker tells; `lost` and `duplicates` where it counts those. A scenario can name no
   *  other as known. Some only with some options: write skew is none where the isolation level allows it. */
  finds: readonly string[];
  /** Judges a history. Pure. */
  check(history: History): Check;
}
