import {once} from "node:events";
import {type AddressInfo, createServer, type Server, type Socket} from "node:net";
import {createInterface} from "node:readline";
import {setTimeout as sleep} from "node:timers/promises";
import test, {type ExecutionContext} from "ava";
import {createNode} from "memcache";
import {emptyRing, Pool} from "./pool.ts";

/** A server that keeps what it is told and answers as the text protocol does. */
class Cache {
  readonly values = new Map<string, string>();
  /** Answers nobody while it is true. */
  deaf = false;
  /** What it says in place of an answer. */
  says: string | undefined;
  readonly sockets = new Set<Socket>();
  readonly server: Server = createServer(socket => {
    this.sockets.add(socket);
    socket.on("error", () => {});
    let key: string | undefined;
    createInterface({input: socket}).on("line", line => {
      if (this.deaf) return;
      if (key !== undefined) {
        this.values.set(key, line);
        key = undefined;
        socket.write("STORED\r\n");
      } else if (this.says) socket.write(`${this.says}\r\n`);
      else if (line.startsWith("set ")) key = line.split(" ")[1]!;
      else {
        const name = line.split(" ")[1]!;
        const value = this.values.get(name);
        socket.write(value === undefined ? "END\r\n" : `VALUE ${name} 0 ${value.length}\r\n${value}\r\nEND\r\n`);
      }
    });
  });
  port = 0;

  async listen(port = 0): Promise<this> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** As when its process is killed. */
  async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await new Promise(resolve => this.server.close(resolve));
  }
}

const keys = Array.from({length: 400}, (_, i) => `key-${i}`);

/** Three servers, a pool over them, and which server has which keys. */
async function three(t: ExecutionContext, limits = {}) {
  const servers = await Promise.all([1, 2, 3].map(() => new Cache().listen()));
  const pool = new Pool(
    servers.map(s => `127.0.0.1:${s.port}`),
    {timeoutMs: 2000, connectTimeoutMs: 2000, ejectMs: 60_000, ...limits},
  );
  t.teardown(async () => {
    pool.destroy();
    await Promise.all(servers.map(s => s.end()));
  });
  for (const key of keys) await pool.set(key, `of ${key}`);
  return {servers, pool};
}

test("names that differ in their last characters alone are spread as well", t => {
  // With the package's own hash the first of these servers has none of them.
  const ring = emptyRing();
  for (const host of ["198.18.1.33", "198.18.1.34", "198.18.1.35"]) ring.addNode(createNode(host, 11_211));
  const shares = Map.groupBy(keys, key => ring.getNodesByKey(key)[0]!.id);
  t.deepEqual([...shares.values()].map(own => own.length).sort(), [106, 129, 165]);
});

test("every key is on one server, every server has some, and what was set is read", async t => {
  const {servers, pool} = await three(t);
  t.is(
    servers.reduce((sum, s) => sum + s.values.size, 0),
    keys.length,
  );
  t.true(servers.every(s => s.values.size > 0));
  for (const key of keys) t.is(await pool.get(key), `of ${key}`);
  t.is(await pool.get("never-set"), undefined);
});

test("a server that is gone fails one operation, then its keys are the others', then it is back", async t => {
  const {servers, pool} = await three(t, {ejectMs: 1500});
  const [gone, ...rest] = servers as [Cache, Cache, Cache];
  const own = [...gone.values.keys()];
  await gone.end();
  await t.throwsAsync(pool.get(own[0]!));
  for (const key of own) t.is(await pool.get(key), undefined, "a miss at another server");
  await pool.set(own[0]!, "elsewhere");
  t.true(rest.some(s => s.values.get(own[0]!) === "elsewhere"));
  await gone.listen(gone.port);
  await sleep(1600);
  t.is(await pool.get(own[0]!), `of ${own[0]}`, "back at its own server");
});

test("one that does not answer is left alone after the time limit", async t => {
  const {servers, pool} = await three(t);
  const [deaf] = servers as [Cache];
  const own = [...deaf.values.keys()];
  deaf.deaf = true;
  const error = await t.throwsAsync(pool.get(own[0]!));
  t.is((error as {code?: string}).code, "timeout");
  t.is(await pool.get(own[1]!), undefined);
});

test("an error of the server has its class; without any server left every operation fails as that", async t => {
  const {servers, pool} = await three(t);
  for (const server of servers) server.says = "SERVER_ERROR out of memory";
  const classes = new Set<unknown>();
  for (const key of keys) classes.add(((await t.throwsAsync(pool.get(key))) as {code?: string}).code);
  t.deepEqual(classes, new Set(["SERVER_ERROR", "no-server"]));
});
