import {createServer, type Socket} from "node:net";
import {join} from "node:path";
import {setTimeout as sleep} from "node:timers/promises";
import {inspect} from "node:util";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {engineClient} from "./engine-client.ts";

/** An engine that says `text` to whoever asks, and hangs up. */
async function engineThatSays(text: string): Promise<string> {
  const path = join(temporaryFolder(), "engine.sock");
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {}).once("data", () => socket.write(text, () => setTimeout(() => socket.destroy(), 20)));
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  server.unref();
  return path;
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

for (const [what, said] of Object.entries({
  "before its answer": "",
  "in the middle of its answer": `${head}Content-Length: 1000\r\n\r\n{"ID":`,
  "between two chunks": `${head}Transfer-Encoding: chunked\r\n\r\n6\r\n{"ID":\r\n`,
}))
  test(`an engine that goes away ${what} is an error`, async t => {
    const client = engineClient({socketPath: await engineThatSays(said)});
    const ended = client.info().then(
      () => "answered",
      (error: NodeJS.ErrnoException) => error.code,
    );
    t.is(await Promise.race([ended, sleep(5000, "waits")]), "ECONNRESET");
  });

test("what docker-modem writes out of each call is short: it has the agent, with every socket", async t => {
  const client = engineClient({socketPath: await engineThatSays(`${head}Content-Length: 10\r\n\r\n{"ID":"a"}`)});
  await client.info();
  const {agent} = client.modem as unknown as {agent: object};
  t.true(inspect(agent, {showHidden: true, depth: null}).length < 100);
});

test("a whole answer is an answer", async t => {
  const client = engineClient({socketPath: await engineThatSays(`${head}Content-Length: 10\r\n\r\n{"ID":"a"}`)});
  t.is((await client.info()).ID, "a");
});
