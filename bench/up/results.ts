import type {Results} from "../results.ts";

/** `results/up-<day>.json`: milliseconds from the begin of the command until every member is healthy, of each
 *  repeat. */
export interface UpResults extends Results {
  bench: "up";
  compose: string;
  containers: number;
  holdfastMs: number[];
  composeMs: number[];
}
