import {type AddressInfo, connect, createServer, type Server, type Socket} from "node:net";
import test from "ava";
import {agent} from "./agent.ts";
import {readLook} from "./daemon.ts";
import {onEnding} from "./ending.ts";
import {probe} from "./probe.ts";

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const endings: [what: string, end: (theirs: Socket, mine: Socket) => void, how: string][] = [
  ["closed by the other side", theirs => theirs.destroy(), "kernel"],
  ["reset by the other side", theirs => theirs.resetAndDestroy(), "kernel"],
  ["given up here", (_, mine) => mine.destroy(), "silence"],
  ["an error on the way", (_, mine) => mine.destroy(Object.assign(new Error("lost"), {code: "ETIMEDOUT"})), "silence"],
];
for (const [what, end, how] of endings) {
  test(`an ending: ${what}`, async t => {
    let theirs: Socket | undefined;
    const server = createServer(socket => (theirs = socket.on("error", () => undefined)));
    t.teardown(() => server.close());
    const mine = connect(await listening(server), "127.0.0.1");
    const seen: string[] = [];
    onEnding(mine, ending => seen.push(ending));
    mine.resume();
    await new Promise(resolve => server.once("connection", resolve));
    end(theirs!, mine);
    await new Promise(resolve => mine.once("close", resolve));
    t.deepEqual(seen, [how]);
  });
}

test("a probe: accepted by a listener that never looks, refused without one", async t => {
  const server = createServer();
  const port = await listening(server);
  t.is(await probe("127.0.0.1", port, 500), "accepted");
  await new Promise(resolve => server.close(resolve));
  t.is(await probe("127.0.0.1", port, 500), "refused");
});

test("the agent: up, down, the state as a table, and nothing else", async t => {
  const server = agent(
    name => name === "galera-1",
    () => ({evictions: 3}),
  );
  t.teardown(() => server.close());
  const port = await listening(server);
  const ask = (line: string) =>
    new Promise<string>(resolve => {
      let said = "";
      connect(port, "127.0.0.1")
        .setEncoding("utf8")
        .on("data", text => (said += text))
        .on("error", () => resolve(said))
        .on("close", () => resolve(said))
        .write(line);
    });
  t.is(await ask("galera-1\n"), "down\n");
  t.is(await ask("galera-0\n"), "up\n");
  t.is(await ask("state\n"), "evictions\t3\n");
  t.is(await ask("x".repeat(200)), "up\n");
});

const rows = [
  ["member", "id-1", "m1"],
  ["member", "id-0", "m0"],
  ["status", "WSREP_EVS_EVICT_LIST", "id-9,id-8"],
  ["status", "WSREP_CLUSTER_STATUS", "Primary"],
  ["status", "WSREP_CLUSTER_CONF_ID", "7"],
];
test("a look: view and eviction list, with or without the result that a procedure adds", t => {
  for (const result of [rows, [rows, {affectedRows: 0}]]) {
    const look = readLook(result);
    t.is(look.view?.key, "7:id-0,id-1");
    t.deepEqual(look.evictionList, ["id-9", "id-8"]);
  }
});
test("no view where the component is not primary, or has no number", t => {
  const but = (name: string, value: string) => rows.map(([k, n, v]) => [k, n, n === name ? value : v]);
  t.is(readLook(but("WSREP_CLUSTER_STATUS", "non-Primary")).view, null);
  t.is(readLook(but("WSREP_CLUSTER_CONF_ID", "18446744073709551615")).view, null);
  t.is(readLook([]).view, null);
});
