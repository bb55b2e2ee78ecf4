import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {classOf, now, until} from "../client/time.ts";
import {type Link, openLink} from "./link.ts";
import {Receiver} from "./receiver.ts";

const keepMs = 60 * 60_000;

/** Publishes to a durable queue of its own, made for this run and deleted at the end. */
export function amqpConfirm(order: WorkloadOrder, open = openLink): Program {
  const queue = `${order.options.prefix ?? "hf."}${order.run}.${order.name}`;
  const receiver = new Receiver(order, queue, open);
  return {
    kind: "publish",
    value: (client, n) => `${client}-${n}`,
    async prepare() {
      const link = await open(order);
      try {
        await link.channel.queueDeclare({queue, durable: true, arguments: queueArguments(order)});
      } finally {
        link.destroy();
      }
      if (order.options.consume) receiver.start();
    },
    client: number => new Publisher(order, queue, number, open),
    classify: error => {
      const code = classOf(error);
      return {outcome: code === "NACK" || code === "NO_ROUTE" ? "failed" : "unknown", error: code};
    },
    read: (deadline, acknowledged) => receiver.drain(deadline, acknowledged),
    async clean() {
      receiver.stop();
      await until(now() + 4000, 250, async () => {
        const link = await open(order);
        try {
          await link.channel.queueDelete({queue});
        } finally {
          link.destroy();
        }
      });
    },
  };
}

/** The queue goes by itself when a run that broke left it behind. */
function queueArguments(order: WorkloadOrder): Record<string, unknown> {
  const expires = {"x-expires": order.maxMs + keepMs};
  return order.options.queue === "quorum" ? {"x-queue-type": "quorum", ...expires} : expires;
}

class Publisher implements Client {
  readonly window: number;
  readonly #order: WorkloadOrder;
  readonly #queue: string;
  readonly #number: number;
  readonly #padding: string;
  readonly #open: typeof openLink;
  readonly #returned = new Set<string>();
  #link: Link | undefined;
  /** Number of the connection, from 1: order is promised on one channel alone. */
  #links = 0;

  constructor(order: WorkloadOrder, queue: string, number: number, open: typeof openLink) {
    this.window = Number(order.options.window ?? 64);
    this.#order = order;
    this.#queue = queue;
    this.#number = number;
    this.#open = open;
    this.#padding = "x".repeat(Number(order.options.bytes ?? 64));
  }

  get open(): boolean {
    return this.#link?.open === true;
  }

  async connect(): Promise<void> {
    const link = await this.#open(this.#order);
    try {
      await link.channel.confirmSelect();
    } catch (error) {
      link.destroy();
      throw error;
    }
    link.channel.on("basic.return", message => this.#returned.add(String(message.messageId)));
    this.#returned.clear();
    this.#link = link;
    this.#links++;
  }

  async perform(n: number): Promise<Ended> {
    const value = `${this.#number}-${n}`;
    const data = {link: this.#links};
    const message = {routingKey: this.#queue, durable: true, mandatory: true, messageId: value};
    await this.#link!.channel.basicPublish(message, Buffer.from(this.#padding));
    const done = now();
    // A message that no queue took is returned first and confirmed then; the library tells of the return one turn
    // later.
    await new Promise(setImmediate);
    if (this.#returned.delete(value)) throw Object.assign(new Error("no queue took the message"), {code: "NO_ROUTE"});
    return {kind: "publish", outcome: "ok", value, data, done};
  }

  destroy(): void {
    this.#link?.destroy();
    this.#link = undefined;
  }
}
