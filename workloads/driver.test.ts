import {once} from "node:events";
import {type AddressInfo, createServer, type Server} from "node:net";
import {Readable} from "node:stream";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {WorkloadOrder} from "../lib/workload.ts";
import {type ClientStreams, WorkloadClient} from "./driver.ts";
import {localClient} from "./local-client.ts";

/** The folder of a client goes when the client has ended: that needs this process. */
const launched: ReturnType<typeof localClient>[] = [];
test.after.always(async () => {
  for (const {child} of launched) child.kill("SIGKILL");
  await Promise.all(launched.map(one => one.exited));
});

/** The client's time is monotonic, this process's is not. */
const skewMs = 20;

async function listen(): Promise<{server: Server; port: number}> {
  const server = createServer(socket => socket.on("error", () => {}).resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {server, port: (server.address() as AddressInfo).port};
}

function launch(port: number, order: Partial<WorkloadOrder> = {}) {
  const whole: WorkloadOrder = {
    name: "probe",
    workload: "tcp-probe",
    clients: 2,
    rate: 100,
    timeoutMs: 1000,
    maxMs: 60_000,
    seed: 1,
    run: "test",
    target: {address: "127.0.0.1", port},
    options: {connectTimeout: 5000, backlog: 500, greeting: false},
    ...order,
  };
  const local = localClient(whole);
  launched.push(local);
  return local;
}

test("a whole run: ready, start, an outage, stop, end", async t => {
  const {server, port} = await listen();
  const {client, exited} = launch(port);
  await client.ready();
  const told = Date.now();
  await client.start();
  await sleep(700);
  server.close();
  await sleep(700);
  const again = createServer(socket => socket.on("error", () => {}).resume()).listen(port, "127.0.0.1");
  await sleep(700);
  const asked = Date.now();
  await client.stop();
  const stopped = Date.now();
  await client.end();
  again.close();
  t.is(await exited, 0);
  const {operations, trouble, from, to} = client.history;
  t.is(trouble, undefined);
  // However long it all took: the load began after the word for it, and ended between the question and the answer.
  t.true(from! >= told - skewMs && from! < asked, `${told} ${from} ${asked}`);
  t.true(to! >= asked - skewMs && to! <= stopped + skewMs, `${asked} ${to} ${stopped}`);
  const failed = operations.filter(o => o.outcome === "failed");
  t.true(failed.length > 10);
  // A connection that the kernel had taken and the server had not is reset when that closes.
  for (const o of failed) t.regex(o.error!, /^ECONN(REFUSED|RESET)$/);
  t.true(operations.at(-1)!.outcome === "ok");
  t.is(client.counts.ok + client.counts.failed, operations.length);
});

test("a client that dies leaves trouble, and nothing hangs", async t => {
  const {server, port} = await listen();
  const {client, child} = launch(port);
  await client.ready();
  await client.start();
  await sleep(400);
  child.kill("SIGKILL");
  await client.stop();
  await client.read(1000);
  await client.end();
  server.close();
  t.regex(client.history.trouble!, /ended by itself/);
  t.is(client.history.finalRead, undefined);
  t.true(client.history.to! > 0);
});

test("a client that cannot get ready says why", async t => {
  const {client} = launch(1, {workload: "nonsense"});
  await t.throwsAsync(client.ready(), {message: /no workload "nonsense"/});
});

test("a workload that writes nothing has no final read, and says so", async t => {
  const {server, port} = await listen();
  const {client} = launch(port);
  await client.ready();
  await client.start();
  await client.stop();
  await client.read(1000);
  await client.end();
  server.close();
  t.regex(client.history.trouble!, /writes nothing/);
});

test("the load ends by itself after maxMs, and the client when its input closes", async t => {
  const {server, port} = await listen();
  const {client, child, exited} = launch(port, {maxMs: 300});
  await client.ready();
  await client.start();
  const deadline = Date.now() + 30_000;
  while (client.history.to === undefined && Date.now() < deadline) await sleep(20);
  child.stdin.end();
  t.is(await exited, 0);
  server.close();
  t.is(Math.round(client.history.to! - client.history.from!), 300);
});

/** A client whose outputs are these lines. */
const prints = (lines: string[], words: string[]): ClientStreams => ({
  write: () => {},
  lines: Readable.from(lines),
  words: Readable.from(words),
  exited: Promise.resolve(3),
});

test("what is no event does not end the history, wherever it is printed", async t => {
  const operation = {client: 0, kind: "append", due: 1, sent: 1, done: 2, outcome: "ok" as const};
  const events = [{event: "ready"}, {event: "operations", operations: [operation]}].map(e => JSON.stringify(e));
  for (const noise of ["null", "7", "[]", '"event"', "{}", "a warning"]) {
    const client = new WorkloadClient(
      {name: "rows", workload: "sql-append", clients: 1},
      prints([noise, events[0]!, noise, events[1]!, noise], []),
    );
    await client.ready();
    await client.end();
    t.deepEqual(client.history.operations, [operation], noise);
    t.regex(client.history.trouble!, /ended by itself with exit code 3; its last words: /, noise);
  }
});

test("an event on standard error is words for people", async t => {
  const event = JSON.stringify({event: "ready"});
  const client = new WorkloadClient({name: "rows", workload: "sql-append", clients: 1}, prints([], [event]));
  await t.throwsAsync(client.ready(), {message: /exit code 3; its last words: {"event":"ready"}/});
});

test("a client that falls silent is given up after the limit", async t => {
  const silent: ClientStreams = {
    write: () => {},
    lines: (async function* () {
      yield JSON.stringify({event: "ready"});
      await new Promise(() => {});
    })(),
    words: Readable.from([]),
    exited: new Promise(() => {}),
  };
  const client = new WorkloadClient({name: "rows", workload: "sql-append", clients: 1}, silent);
  await client.ready();
  await client.stop(50);
  t.regex(client.history.trouble!, /stopping took longer than 50 ms/);
});
