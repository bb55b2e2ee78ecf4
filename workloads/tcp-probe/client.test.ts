import {once} from "node:events";
import {type AddressInfo, createServer, type Socket} from "node:net";
import test, {type ExecutionContext} from "ava";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {tcpProbe} from "./client.ts";

/** What one operation makes of a server that does that with its connection. */
async function probe(t: ExecutionContext, does: (socket: Socket) => void, {greeting = true, protocol = "mysql"} = {}) {
  const server = createServer(socket => does(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  return against((server.address() as AddressInfo).port, greeting, protocol);
}

async function against(port: number, greeting = true, protocol = "mysql") {
  const order = {target: {address: "127.0.0.1", port, protocol}, options: {greeting, connectTimeout: 250}};
  const program = tcpProbe(order as unknown as WorkloadOrder);
  const client = program.client(0);
  await client.connect();
  return client.perform(0).catch(error => program.classify(error));
}

/** Length and number of a packet, then its body. */
const packet = (...body: number[]) => Buffer.from([body.length, 0, 0, 0, ...body]);

test("a connection is enough where no greeting is asked for", async t => {
  t.like(await probe(t, () => {}, {greeting: false}), {outcome: "ok"});
  t.like(await probe(t, () => {}, {protocol: "amqp"}), {outcome: "ok"}, "nor is it of what does not greet");
});

test("a database has to greet", async t => {
  t.like(await probe(t, socket => socket.write(packet(10, 49, 48))), {kind: "connect", outcome: "ok"});
});

test("one that refuses has failed, with its number: 1040, too many connections", async t => {
  t.like(await probe(t, socket => socket.write(packet(0xff, 0x10, 0x04))), {outcome: "failed", error: "1040"});
});

test("one that closes without a word has failed, as a proxy without servers does", async t => {
  t.like(await probe(t, socket => socket.end()), {outcome: "failed", error: "closed"});
  t.like(await probe(t, socket => socket.resetAndDestroy()), {outcome: "failed", error: "ECONNRESET"});
});

test("nobody there has failed", async t => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  t.like(await against(port), {outcome: "failed", error: "ECONNREFUSED"});
});
