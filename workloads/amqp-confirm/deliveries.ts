import type {Delivery} from "../../lib/analysis/order.ts";

/** `0-17@2r`: message 17 of publisher 0, on the consumer's second connection, delivered again. On the first connection
 *  it is `0-17`. */
export function showDelivery({value, link, redelivered}: Delivery): string {
  return `${value}${link === 1 ? "" : `@${link}`}${redelivered ? "r" : ""}`;
}

export function parseDelivery(text: string): Delivery {
  const [, value, link, redelivered] = /^(.*?)(?:@(\d+))?(r?)$/.exec(text)!;
  return {value: value!, link: Number(link ?? 1), redelivered: redelivered === "r"};
}
