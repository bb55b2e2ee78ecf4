import type {Operation} from "../history.ts";
import type {Finding} from "../result.ts";

/** One delivery of a message, in the order in which the consumer got them. */
export interface Delivery {
  /** `<publisher>-<n>`, where a publisher's numbers go up. */
  value: string;
  /** Number of the consumer's connection. */
  link: number;
  /** The broker said that it may have delivered it before. */
  redelivered: boolean;
}

const mostTold = 10;

/** Order of messages per publisher and its connection, at their first delivery. One that comes after a later one is out
 *  of order. A broker may do that where it delivers again, and where either side had to connect anew; two messages of
 *  which nothing of that is true are a finding. Messages whose connection is not known (their publish was cut off) are
 *  left out. */
export function checkOrder(
  deliveries: readonly Delivery[],
  publishes: readonly Operation[],
): {outOfOrder: number; findings: Finding[]; notes: string[]} {
  const published = new Map(publishes.map(o => [o.value, o]));
  /** Of each publisher's connection the latest message so far; and of those that came once, to one connection of the
   *  consumer. */
  const latest = new Map<string, number>();
  const fresh = new Map<string, {n: number; delivery: Delivery}>();
  const seen = new Set<string>();
  const findings: Finding[] = [];
  let [outOfOrder, unexplained] = [0, 0];
  for (const delivery of deliveries) {
    const {value, link, redelivered} = delivery;
    if (seen.has(value)) continue;
    seen.add(value);
    const operation = published.get(value);
    const own = (operation?.data as {link?: number} | undefined)?.link;
    if (!operation || own === undefined) continue;
    const n = Number(value.split("-")[1]);
    const channel = `${operation.client} ${own}`;
    if (n < (latest.get(channel) ?? n)) outOfOrder++;
    else latest.set(channel, n);
    if (redelivered) continue;
    const before = fresh.get(`${channel} ${link}`);
    if (!before || n > before.n) {
      fresh.set(`${channel} ${link}`, {n, delivery});
      continue;
    }
    if (++unexplained > mostTold) continue;
    const text = `${value} was delivered for the first time after ${before.delivery.value}, which its publisher sent later on the same channel; neither was delivered again, and the consumer had the same connection.`;
    findings.push({anomaly: "order", text, operations: [operation, published.get(before.delivery.value)!]});
  }
  const notes = unexplained > mostTold ? [`order was found ${unexplained} times; the first ${mostTold} are told.`] : [];
  return {outOfOrder, findings, notes};
}
