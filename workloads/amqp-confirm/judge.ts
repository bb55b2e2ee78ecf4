import type {Delivery} from "../../lib/analysis/order.ts";
import type {Operation} from "../../lib/history.ts";

/** What a queue may do with these messages: each that was confirmed is delivered, and nothing that nobody published.
 *  Whether one that is unknown, or that the broker refused, comes is open, and each may come more than once. Of any two
 *  confirmed messages of one publisher and channel the earlier comes first, when first deliveries count, unless one of
 *  these is marked as redelivered, or they came to two connections. For tests: looks at every pair. */
export function queueAllows(publishes: readonly Operation[], deliveries: readonly Delivery[]): boolean {
  const of = (value: unknown) => publishes.find(o => o.value === value);
  const confirmed = publishes.filter(o => o.outcome === "ok");
  const whole = confirmed.every(o => deliveries.some(d => d.value === o.value));
  const known = deliveries.every(d => of(d.value));
  const first = confirmed.flatMap(o => {
    const at = deliveries.findIndex(d => d.value === o.value);
    return at === -1 ? [] : [{o, at, d: deliveries[at]!, link: (o.data as {link: number}).link}];
  });
  const inOrder = first.every(a =>
    first.every(
      b =>
        a.o.client !== b.o.client ||
        a.link !== b.link ||
        Number(String(a.o.value).split("-")[1]) >= Number(String(b.o.value).split("-")[1]) ||
        a.at < b.at ||
        a.d.redelivered ||
        b.d.redelivered ||
        a.d.link !== b.d.link,
    ),
  );
  return whole && known && inOrder;
}
