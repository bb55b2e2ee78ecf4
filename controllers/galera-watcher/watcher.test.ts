import {connect, createServer, type Server, type Socket} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {Look} from "./brain.ts";
import {onEnding} from "./ending.ts";
import {type View, viewOf} from "./message.ts";
import type {Settings} from "./settings.ts";
import {type Doors, Watcher} from "./watcher.ts";

/** Three members on loopback addresses: real watchers with real connections between them, and daemons that only
 *  listen. */
const base = 20_000 + (process.pid % 20_000);
const ports = {watcher: base, agent: base + 1, admin: base + 2, group: base + 3};
const doorPort = base + 4;
const names = ["m0", "m1", "m2"];
const address = (name: string) => `127.0.0.${10 + names.indexOf(name)}`;
const secrets = {password: "none", key: Buffer.from("a key that the watchers share ...")};

class Daemon {
  readonly id: string;
  evictionList: string[] = [];
  readonly evicted: string[] = [];
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(name: string) {
    this.id = `id-${name}`;
  }

  async start(name: string): Promise<void> {
    for (const port of [ports.admin, ports.group]) {
      const server = createServer(socket => {
        this.#sockets.add(socket.on("error", () => undefined));
        socket.once("close", () => this.#sockets.delete(socket)).resume();
      });
      this.#servers.push(server);
      await new Promise<void>(resolve => server.listen(port, address(name), resolve));
    }
  }

  /** As its kernel does when it is killed. */
  die(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Closes sessions as a server does that wants no idle ones, and goes on listening. */
  closeSessions(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function cluster(t: {teardown(what: () => void): void}) {
  const daemons = Object.fromEntries(names.map(name => [name, new Daemon(name)])) as Record<string, Daemon>;
  let view: View | null = viewOf(
    1,
    names.map(name => ({name, id: daemons[name]!.id})),
  );
  const lines: Record<string, string[]> = {m0: [], m1: [], m2: []};
  const watchers: Record<string, Watcher> = {};
  for (const name of names) await daemons[name]!.start(name);
  for (const name of names) {
    const settings: Settings = {
      ...{name, address: address(name), holdsData: true, ports, user: "watcher"},
      ...{evicts: true, door: {host: address(name), port: doorPort}},
      ...{everyMs: 50, freshMs: 500, restMs: 3000, clearAfterMs: 1000, unansweredMs: 100, tellMs: 1000},
      peers: names.filter(n => n !== name).map(n => ({name: n, address: address(n), holdsData: true})),
    };
    const log = (line: Record<string, unknown>) => lines[name]!.push(JSON.stringify(line));
    watchers[name] = new Watcher(
      settings,
      secrets,
      log,
      doors(daemons[name]!, () => view),
    );
    await watchers[name]!.start();
  }
  t.teardown(() => {
    for (const name of names) {
      watchers[name]!.stop();
      daemons[name]!.die();
    }
  });
  const settled = () => names.every(name => lines[name]!.at(-1)?.includes("all is well"));
  for (let i = 0; i < 100 && !settled(); i++) await sleep(50);
  // So that everybody has said that it hears the others.
  await sleep(300);
  return {daemons, watchers, lines, setView: (next: View | null) => (view = next)};
}

function doors(daemon: Daemon, view: () => View | null): Doors {
  return {
    async hold({host, port}, tell, signal) {
      while (!signal.aborted) {
        await new Promise<void>(resolve => {
          const socket = connect({host, port});
          signal.addEventListener("abort", () => socket.destroy(), {once: true});
          let stands = false;
          socket.once("connect", () => {
            stands = true;
            tell({kind: "opened", what: "hold"});
          });
          onEnding(socket.resume(), how => {
            if (stands && !signal.aborted) tell({kind: "ended", what: "hold", how});
            resolve();
          });
        });
        await sleep(50);
      }
    },
    watchDaemon(_, everyMs, tell, signal) {
      const look = (): Look => ({view: view(), evictionList: daemon.evictionList});
      const timer = setInterval(() => tell({word: "up", look: look(), cluster: "history"}), everyMs);
      signal.addEventListener("abort", () => clearInterval(timer));
      return {
        done: Promise.resolve(),
        async evict(vote) {
          if (vote.view !== view()?.key) throw new Error("the view has changed");
          daemon.evictionList = [...daemon.evictionList, vote.id];
          daemon.evicted.push(vote.id);
        },
        async clear() {
          daemon.evictionList = [];
        },
      };
    },
  };
}

const ask = (name: string, line: string) =>
  new Promise<string>(resolve => {
    let said = "";
    const socket = connect(ports.agent, address(name)).setEncoding("utf8");
    socket.on("data", text => (said += text)).on("close", () => resolve(said));
    socket.on("error", () => resolve(said)).write(`${line}\n`);
  });

test.serial(
  "a member dies with its watcher: both others evict it once, load balancers hear of it, the list is emptied",
  async t => {
    const {daemons, watchers, setView} = await cluster(t);
    t.is(await ask("m0", "m2"), "up\n");
    daemons.m2!.die();
    watchers.m2!.stop();
    await sleep(400);
    t.deepEqual([daemons.m0!.evicted, daemons.m1!.evicted], [["id-m2"], ["id-m2"]]);
    t.is(await ask("m0", "m2"), "down\n");
    t.is(await ask("m1", "state"), "evictions\t1\n");
    setView(
      viewOf(2, [
        {name: "m0", id: "id-m0"},
        {name: "m1", id: "id-m1"},
        {name: "m2", id: "id-m2-again"},
      ]),
    );
    await sleep(300);
    t.deepEqual([daemons.m0!.evictionList, daemons.m1!.evictionList], [[], []]);
    await sleep(900);
    t.is(await ask("m0", "m2"), "up\n");
  },
);

test.serial("sessions closed while the daemon listens, and a watcher's death alone, evict nobody", async t => {
  const {daemons, watchers, lines} = await cluster(t);
  daemons.m2!.closeSessions();
  await sleep(400);
  watchers.m1!.stop();
  await sleep(400);
  t.deepEqual(
    names.flatMap(name => daemons[name]!.evicted),
    [],
  );
  t.regex(lines.m0!.join("\n"), /m2 is not dead for sure/);
});

test.serial("two die at once: nobody is evicted", async t => {
  const {daemons, watchers} = await cluster(t);
  for (const name of ["m1", "m2"]) {
    daemons[name]!.die();
    watchers[name]!.stop();
  }
  await sleep(500);
  t.deepEqual(daemons.m0!.evicted, []);
});
