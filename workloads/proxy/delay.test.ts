import {once} from "node:events";
import {type AddressInfo, connect, createServer, type Server} from "node:net";
import {text} from "node:stream/consumers";
import {Worker} from "node:worker_threads";
import test from "ava";
import {delayProxy} from "./delay.ts";

const listening = (server: Server): Promise<number> =>
  new Promise(resolve => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));

/** A server that sends back all that it gets, and a proxy before it. */
async function through(latencyMs: number, jitterMs: number) {
  let turn = 0;
  const random = () => [0.9, 0.1, 0.5, 0.99, 0][turn++ % 5]!;
  const echo = createServer({allowHalfOpen: true}, socket => socket.pipe(socket));
  const proxy = delayProxy({host: "127.0.0.1", port: await listening(echo)}, {latencyMs, jitterMs}, 1000, random);
  const socket = connect({port: await listening(proxy), host: "127.0.0.1", allowHalfOpen: true});
  const close = () => {
    socket.destroy();
    proxy.close();
    echo.close();
  };
  return {socket, echo, close};
}

test("both directions take their time", async t => {
  const {socket, close} = await through(80, 0);
  t.teardown(close);
  const from = performance.now();
  const answered = new Promise(resolve => socket.once("data", resolve));
  socket.write("x");
  await answered;
  t.true(performance.now() - from >= 155);
});

test("with jitter everything still arrives, in order, and its end after it", async t => {
  const {socket, close} = await through(20, 20);
  t.teardown(close);
  const sent = Array.from({length: 200}, (_, i) => `${i},`);
  const received = text(socket);
  for (const piece of sent) {
    socket.write(piece);
    if (Math.random() < 0.2) await new Promise(resolve => setTimeout(resolve, 1));
  }
  socket.end();
  t.is(await received, sent.join(""));
});

test("an endpoint that is not there breaks the connection", async t => {
  const proxy = delayProxy({host: "127.0.0.1", port: 1}, {latencyMs: 10, jitterMs: 0}, 1000, () => 0.5);
  const socket = connect({port: await listening(proxy), host: "127.0.0.1"});
  t.teardown(() => proxy.close());
  const error = await new Promise<Error>(resolve => socket.once("error", resolve));
  t.regex(error.message, /ECONNRESET/);
});

test("an endpoint that does not answer breaks it as soon as the client itself would have given up", async t => {
  // The kernel alone would go on for two minutes.
  t.timeout(60_000);
  // A program that takes no connections: when the queue before it is full, the kernel drops what else comes.
  const deaf = new Worker(
    `const {parentPort} = require("node:worker_threads");
     const server = require("node:net").createServer().listen({port: 0, host: "127.0.0.1", backlog: 1}, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    {eval: true},
  );
  const [port] = (await once(deaf, "message")) as [number];
  const waiting = Array.from({length: 4}, () => connect({host: "127.0.0.1", port}).on("error", () => {}));
  const proxy = delayProxy({host: "127.0.0.1", port}, {latencyMs: 10, jitterMs: 0}, 100, () => 0.5);
  t.teardown(async () => {
    for (const socket of waiting) socket.destroy();
    proxy.close();
    await deaf.terminate();
  });
  await new Promise(resolve => setTimeout(resolve, 100));
  const from = performance.now();
  const socket = connect({port: await listening(proxy), host: "127.0.0.1"});
  await new Promise(resolve => socket.once("error", resolve));
  t.true(performance.now() - from >= 100);
});
