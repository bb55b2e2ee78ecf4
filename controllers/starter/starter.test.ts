import {createServer} from "node:http";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {type Down, failedOnce, leftDown, mostTries, toStart} from "./decide.ts";
import {Engine} from "./engine.ts";
import {Starter, silenceMs} from "./starter.ts";

const old = "cannot join network of a non running container: 8dc132e2e73e";
const down = (change: Partial<Down> = {}): Down => ({
  id: "1",
  name: "lab-galera-0",
  error: old,
  restart: "unless-stopped",
  holder: {name: "lab-galera-0-net", runs: true},
  ...change,
});

const rows: [string, Partial<Down>, boolean][] = [
  ["its holder was not up yet (docker 20.10)", {}, true],
  [
    "the same (docker 28)",
    {error: "cannot join network namespace of a non running container: container lab-galera-0-net is exited"},
    true,
  ],
  [
    "its holder was being started again",
    {error: "Container 8dc1 is restarting, wait until the container is running"},
    true,
  ],
  ["stopped or killed on purpose: the last start had worked", {error: ""}, false],
  ["its start failed for another reason", {error: "OCI runtime create failed: no such file"}, false],
  ["a one-shot, which docker does not start by itself", {restart: "no"}, false],
  ["a one-shot of another policy", {restart: "on-failure"}, false],
];
for (const [title, change, wanted] of rows)
  test(`left down: ${title}: ${wanted}`, t => t.is(leftDown(down(change)), wanted));

test("nothing is started before the holder of its network runs", t => {
  t.deepEqual(toStart([down({holder: {name: "net", runs: false}})], new Map(), 0), []);
  t.is(toStart([down()], new Map(), 0).length, 1);
});

test("a start that fails is tried again after a pause that grows, and not for ever", t => {
  let tries = failedOnce(undefined, 1000);
  t.deepEqual(toStart([down()], new Map([["1", tries]]), 1499), []);
  t.is(toStart([down()], new Map([["1", tries]]), 1500).length, 1);
  const pauses = [];
  for (let now = 1000; tries.count < mostTries; now = tries.next) {
    tries = failedOnce(tries, now);
    pauses.push(tries.next - now);
  }
  t.deepEqual(pauses.slice(0, 7), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  t.deepEqual(toStart([down()], new Map([["1", tries]]), Number.MAX_SAFE_INTEGER), []);
});

function starterOf(calls: {down?: () => Down[]; start?: (id: string) => void}) {
  const lines: string[] = [];
  const started: string[] = [];
  const engine = {
    down: async () => calls.down?.() ?? [],
    start: async (id: string) => {
      calls.start?.(id);
      started.push(id);
    },
  };
  return {starter: new Starter(engine, "io.holdfast.stack=lab/lab", line => lines.push(line), 0), lines, started};
}

test("waits for the holder, says so once, then starts what joins it", async t => {
  let all = [down({holder: {name: "lab-galera-0-net", runs: false}}), down({id: "2", name: "killed", error: ""})];
  const {starter, lines, started} = starterOf({down: () => all});
  await starter.look(0);
  await starter.look(1000);
  t.deepEqual(started, []);
  t.deepEqual(lines, ["lab-galera-0 waits for lab-galera-0-net, whose network it joins"]);
  all = [down(), all[1]!];
  await starter.look(2000);
  t.deepEqual(started, ["1"]);
  t.is(lines.at(-1), "started lab-galera-0: docker had tried before lab-galera-0-net was up");
});

test("gives up with a line, and begins anew once it has run", async t => {
  let all = [down()];
  let refuse = true;
  const start = () => {
    if (refuse) throw new Error("409 no");
  };
  const {starter, lines, started} = starterOf({down: () => all, start});
  for (let now = 0; now < 1_000_000; now += 1000) await starter.look(now);
  t.is(lines.length, mostTries);
  t.regex(lines[0]!, /could not start lab-galera-0 \(try 1 of 20\): 409 no/);
  t.regex(lines.at(-1)!, /gives up on lab-galera-0 after 20 tries \(409 no\)/);
  refuse = false;
  all = [];
  await starter.look(1_001_000);
  all = [down()];
  await starter.look(1_002_000);
  t.deepEqual(started, ["1"]);
});

test("an engine that is silent is said once, and ends the starter after a minute", async t => {
  let silent = true;
  const {starter, lines} = starterOf({
    down: () => {
      if (silent) throw new Error("connect ECONNREFUSED");
      return [];
    },
  });
  await starter.look(1000);
  await starter.look(silenceMs - 1);
  t.deepEqual(lines, ["the engine does not answer: connect ECONNREFUSED"]);
  silent = false;
  await starter.look(silenceMs);
  silent = true;
  await starter.look(silenceMs + 1000);
  await t.throwsAsync(starter.look(2 * silenceMs), {message: /does not answer: connect ECONNREFUSED/});
});

test("asks the engine for what is down in its own stack, and starts by id", async t => {
  const socket = join(temporaryFolder(), "engine.sock");
  const asked: string[] = [];
  const inspected: Record<string, object> = {
    "/containers/1/json": {
      Id: "1",
      Name: "/lab-galera-0",
      State: {Status: "exited", Running: false, Error: old},
      HostConfig: {NetworkMode: "container:9", RestartPolicy: {Name: "unless-stopped"}},
    },
    "/containers/9/json": {
      Id: "9",
      Name: "/lab-galera-0-net",
      State: {Status: "running", Running: true},
      HostConfig: {},
    },
    "/containers/2/json": {
      Id: "2",
      Name: "/lab-vip-0",
      State: {Status: "exited", Running: false},
      HostConfig: {NetworkMode: "container:gone", RestartPolicy: {Name: "unless-stopped"}},
    },
  };
  const server = createServer((question, answer) => {
    const {pathname, searchParams} = new URL(question.url!, "http://engine");
    asked.push(`${question.method} ${pathname} ${searchParams.get("filters") ?? ""}`.trim());
    if (pathname === "/containers/json")
      answer.end(
        JSON.stringify([
          {Id: "1", HostConfig: {NetworkMode: "container:9"}},
          {Id: "2", HostConfig: {NetworkMode: "container:gone"}},
          {Id: "3", HostConfig: {NetworkMode: "none"}},
        ]),
      );
    else if (inspected[pathname]) answer.end(JSON.stringify(inspected[pathname]));
    else if (pathname === "/containers/1/start") answer.writeHead(204).end();
    else answer.writeHead(pathname.endsWith("/start") ? 409 : 404).end(JSON.stringify({message: "no such thing"}));
  });
  await new Promise<void>(resolve => server.listen(socket, resolve));
  t.teardown(() => server.close());
  const engine = new Engine(socket);
  t.deepEqual(await engine.down("io.holdfast.stack=lab/lab"), [
    down(),
    down({id: "2", name: "lab-vip-0", error: "", holder: {name: "a container that is gone", runs: false}}),
  ]);
  t.is(asked[0], 'GET /containers/json {"label":["io.holdfast.stack=lab/lab"],"status":["exited","created"]}');
  await engine.start("1");
  await t.throwsAsync(engine.start("2"), {message: "409 no such thing"});
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  await t.throwsAsync(engine.down("x"), {message: /ENOENT|ECONNREFUSED/});
});
