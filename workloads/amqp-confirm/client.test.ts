import {EventEmitter} from "node:events";
import test from "ava";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {amqpConfirm} from "./client.ts";
import type {Link, openLink} from "./link.ts";

const order = (options: Record<string, unknown> = {}) =>
  ({run: "r1", name: "orders", maxMs: 1000, options}) as unknown as WorkloadOrder;
const coded = (code: string) => Object.assign(new Error(`the broker said ${code}`), {code});

/** A broker that answers each message, or ends the connection, as it is told. */
class Broker {
  readonly published: {messageId: string}[] = [];
  readonly declared: {queue: string; arguments: Record<string, unknown>}[] = [];
  readonly links: {open: boolean}[] = [];
  /** What happens to a message: it is confirmed where nothing is thrown. */
  answer = (_channel: EventEmitter, _message: {messageId: string}): void => {};
  confirms = true;

  readonly open: typeof openLink = async () => {
    const link = {
      open: true,
      destroy: () => (link.open = false),
      channel: Object.assign(new EventEmitter(), {
        confirmSelect: async () => {
          if (!this.confirms) throw coded("CH_CLOSE");
        },
        queueDeclare: async (asked: Broker["declared"][number]) => void this.declared.push(asked),
        basicPublish: async (message: {messageId: string}) => {
          this.published.push(message);
          this.answer(link.channel, message);
        },
      }),
    };
    this.links.push(link);
    return link as unknown as Link;
  };
}

/** A publisher with its connection, and what becomes of its operations. */
async function publisher(broker: Broker) {
  const program = amqpConfirm(order(), broker.open);
  const client = program.client(3);
  await client.connect();
  return {client, does: (n: number) => client.perform(n).catch(error => program.classify(error))};
}

test("a confirmed message is acknowledged, under its own name, over which connection", async t => {
  const broker = new Broker();
  const {client, does} = await publisher(broker);
  t.like(await does(7), {outcome: "ok", value: "3-7", data: {link: 1}});
  t.like(broker.published[0], {messageId: "3-7", routingKey: "hf.r1.orders", durable: true, mandatory: true});
  client.destroy();
  t.false(client.open);
  t.false(broker.links[0]!.open);
  await client.connect();
  t.like(await does(8), {value: "3-8", data: {link: 2}});
});

test("what the broker refuses has failed", async t => {
  const broker = new Broker();
  const {does} = await publisher(broker);
  broker.answer = () => {
    throw coded("NACK");
  };
  t.like(await does(0), {outcome: "failed", error: "NACK"});
});

test("what no queue took comes back before it is confirmed, and has failed", async t => {
  const broker = new Broker();
  const {does} = await publisher(broker);
  // The library tells of it one turn after the confirmation.
  broker.answer = (channel, {messageId}) => void setImmediate(() => channel.emit("basic.return", {messageId}));
  t.like(await does(0), {outcome: "failed", error: "NO_ROUTE"});
  broker.answer = channel => void setImmediate(() => channel.emit("basic.return", {messageId: "3-9"}));
  t.like(await does(1), {outcome: "ok"}, "another's return is not its own");
});

test("a connection that breaks leaves it open whether the message is there", async t => {
  const broker = new Broker();
  const {does} = await publisher(broker);
  for (const code of ["CONN_CLOSE", "CH_CLOSE", "ECONNRESET"]) {
    broker.answer = () => {
      throw coded(code);
    };
    t.like(await does(0), {outcome: "unknown", error: code});
  }
});

test("without confirms there is no connection, and none is left behind", async t => {
  const broker = new Broker();
  broker.confirms = false;
  await t.throwsAsync(publisher(broker), {code: "CH_CLOSE"} as object);
  t.deepEqual(
    broker.links.map(l => l.open),
    [false],
  );
});

test("the queue is durable, of the kind that is asked for, and goes by itself", async t => {
  const broker = new Broker();
  await amqpConfirm(order({queue: "quorum"}), broker.open).prepare();
  await amqpConfirm(order({queue: "mirrored", prefix: "x."}), broker.open).prepare();
  t.like(broker.declared[0], {queue: "hf.r1.orders", durable: true, arguments: {"x-queue-type": "quorum"}});
  t.is(broker.declared[1]!.queue, "x.r1.orders");
  t.is(broker.declared[1]!.arguments["x-queue-type"], undefined);
  t.true(broker.declared.every(d => Number(d.arguments["x-expires"]) > 1000));
  t.true(broker.links.every(l => !l.open));
});
