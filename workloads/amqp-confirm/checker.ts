import type {Check} from "../../lib/analysis/check.ts";
import {checkSet} from "../../lib/analysis/lost.ts";
import {checkOrder} from "../../lib/analysis/order.ts";
import type {History} from "../../lib/history.ts";
import {parseDelivery} from "./deliveries.ts";

export const finds = ["lost", "duplicates", "stranger", "order"];

/** The total queue: every confirmed message must have been delivered, during the load or by the drain. A message
 *  delivered twice is a duplicate, which AMQP allows (at least once) and is counted apart; so is one that came out of
 *  order. */
export function check(history: History): Check {
  if (!history.finalRead) return checkSet(history, "publish");
  const deliveries = history.finalRead.map(text => parseDelivery(String(text)));
  const set = checkSet({...history, finalRead: deliveries.map(d => d.value)}, "publish");
  const {outOfOrder, findings, notes} = checkOrder(
    deliveries,
    history.operations.filter(o => o.kind === "publish"),
  );
  const all = [...(set.notes ?? []), ...notes];
  return {...set, outOfOrder, findings: [...set.findings, ...findings], ...(all.length > 0 ? {notes: all} : {})};
}
