import type {Delivery} from "../../lib/analysis/order.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {now, sleep} from "../client/time.ts";
import {showDelivery} from "./deliveries.ts";
import {type Link, openLink} from "./link.ts";

const prefetch = 500;
/** Nothing came for this long: look whether the queue is empty. */
const quietMs = 300;
/** The queue is empty although acknowledged messages are missing: they may still be on their way for this long. */
const missingMs = 5000;
/** A broker takes up to a minute to say that it does not find a mirrored queue whose leader is down; one that moves is
 *  found again in seconds. */
const goneMs = 5000;

/** Consumes the queue on a connection of its own, and opens a new one when that breaks. Every delivery counts; what was
 *  delivered and not yet acknowledged comes again then, and is a duplicate. */
export class Receiver {
  readonly #order: WorkloadOrder;
  readonly #queue: string;
  readonly #open: typeof openLink;
  readonly #goneMs: number;
  readonly #delivered: Delivery[] = [];
  #lastDelivery = 0;
  #wanted = false;
  #link: Link | undefined;
  #links = 0;
  #loop: Promise<void> | undefined;
  #lastError = "no connection yet";
  /** When the broker first and last did not find the queue, with no answer that it did since. A connection that breaks
   *  says nothing of it. */
  #missing: {first: number; last: number} | undefined;

  /** `open` and `gone`, in milliseconds, are for tests. */
  constructor(order: WorkloadOrder, queue: string, open = openLink, gone = goneMs) {
    this.#order = order;
    this.#queue = queue;
    this.#open = open;
    this.#goneMs = gone;
  }

  start(): void {
    this.#wanted = true;
    this.#loop ??= this.#keepConsuming();
  }

  stop(): void {
    this.#wanted = false;
    this.#link?.destroy();
  }

  /** Everything delivered so far and what is still in the queue. Ends when the queue is empty and every acknowledged
   *  message has come, or when it stays empty for 5 s although some are missing (they are lost), or when the broker
   *  says twice, 5 s apart, that it does not find the queue: it is gone with all that was in it. Rejects when the
   *  deadline (Unix milliseconds) comes before. */
  async drain(deadline: number, acknowledged: ReadonlySet<string>): Promise<string[]> {
    this.start();
    this.#lastDelivery = now();
    // What the broker said during the load counts for nothing.
    this.#missing = undefined;
    for (;;) {
      if (now() > deadline) throw new Error(`the queue was not empty at the deadline; last seen: ${this.#lastError}`);
      await sleep(quietMs / 3);
      if (this.#gone) break;
      const quiet = now() - this.#lastDelivery;
      if (quiet < quietMs || !(await this.#empty())) continue;
      const seen = new Set(this.#delivered.map(d => d.value));
      const missing = [...acknowledged].filter(value => !seen.has(value)).length;
      if (missing === 0 || quiet > missingMs) break;
      this.#lastError = `${missing} acknowledged messages have not come`;
    }
    // Leaves in good order, so that no acknowledgement is lost and nothing comes again.
    this.#wanted = false;
    if (this.#link?.open) await this.#link.channel.close();
    this.#link?.destroy();
    return this.#delivered.map(showDelivery);
  }

  get #gone(): boolean {
    return this.#missing !== undefined && this.#missing.last - this.#missing.first >= this.#goneMs;
  }

  /** What the broker answered to a question about the queue; undefined: it was there. */
  #heard(error?: {code?: unknown; message?: unknown}): void {
    if (error) this.#lastError = String(error.message ?? error);
    if (!error) this.#missing = undefined;
    if (error?.code === "NOT_FOUND") this.#missing = {first: this.#missing?.first ?? now(), last: now()};
  }

  async #empty(): Promise<boolean> {
    if (!this.#link?.open) {
      this.#lastDelivery = now();
      return false;
    }
    try {
      const {messageCount} = await this.#link.channel.queueDeclare({queue: this.#queue, passive: true});
      this.#heard();
      if (messageCount > 0) this.#lastError = `${messageCount} messages in the queue`;
      return messageCount === 0;
    } catch (error) {
      this.#heard(error as Error);
      this.#link?.destroy();
      return false;
    }
  }

  async #keepConsuming(): Promise<void> {
    while (this.#wanted) {
      if (!this.#link?.open) {
        await this.#consume().catch(error => {
          this.#heard(error);
          this.#link?.destroy();
        });
      }
      await sleep(200);
    }
  }

  async #consume(): Promise<void> {
    const link = (this.#link = await this.#open(this.#order));
    const number = ++this.#links;
    await link.channel.basicQos({prefetchCount: prefetch});
    link.channel.on("basic.cancel", () => link.destroy());
    await link.channel.basicConsume({queue: this.#queue}, message => {
      this.#lastDelivery = now();
      const {messageId, redelivered} = message;
      this.#delivered.push({value: String(messageId), link: number, redelivered});
      if (link.open) link.channel.basicAck({deliveryTag: message.deliveryTag});
    });
    this.#heard();
  }
}
