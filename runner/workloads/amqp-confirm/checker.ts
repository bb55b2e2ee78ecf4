import type {Check} from "../../../lib/analysis/check.ts";
import {checkSet} from "../../../lib/analysis/lost.ts";
import type {History} from "../../../lib/history.ts";

/** Every confirmed message must have been delivered, during the load or by the drain. A message delivered twice is a duplicate, which
 *  AMQP allows (at least once) and is counted apart. */
export function check(history: History): Check {
  return checkSet(history, "publish");
}
