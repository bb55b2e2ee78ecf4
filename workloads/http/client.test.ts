import {once} from "node:events";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";
import test, {type ExecutionContext} from "ava";
import type {Operation} from "../../lib/history.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {Pace} from "../client/pace.ts";
import {now} from "../client/time.ts";
import {fillOptions} from "../options.ts";
import {check} from "./checker.ts";
import {http} from "./client.ts";
import {http as plugin} from "./plugin.ts";
import {routesForm, routesOf} from "./routes.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, connection: number) => void;

/** Runs the workload for a while against a server that answers like that. */
async function run(t: ExecutionContext, answer: Answer, given: Record<string, unknown>, ms = 300) {
  let connections = 0;
  const server = createServer((request, response) => answer(request, response, connections));
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const {options, problems} = fillOptions(plugin.options, {connectTimeout: "5s", ...given});
  t.deepEqual(problems, []);
  const {port} = server.address() as AddressInfo;
  const order = {
    clients: 1,
    rate: 50,
    timeoutMs: 400,
    target: {address: "127.0.0.1", port},
    options,
  } as unknown as WorkloadOrder;
  const operations: Operation[] = [];
  const pace = new Pace(order, http(order), 0, o => operations.push(o));
  const from = now();
  await pace.warm();
  await pace.run(from, from + ms);
  server.closeAllConnections();
  const history = {workload: "http", clients: 1, operations};
  return {operations, connections: () => connections, found: check(history)};
}

test("routes in turn, each held against its status and text, and who answered", async t => {
  const {operations, found, connections} = await run(
    t,
    (request, response) => {
      const right = request.url !== "/broken";
      response.writeHead(request.method === "POST" ? 201 : 200, {"x-served-by": "web-1"});
      request
        .on("data", part => response.write(part))
        .on("end", () => response.end(right ? `item ${request.url}` : "?"));
    },
    {
      routes: 'GET /items/{n} 200 ~item /items/{n}; POST /items 201,202 ~{"n":{n}}; GET /broken ~item',
      body: '{"n":{n}}',
    },
  );
  t.true(operations.length >= 9);
  t.like(found.routes, {"GET /broken": {ok: 0, errors: {"wrong-body": found.routes!["GET /broken"]!.failed}}});
  t.is(found.routes!["GET /items/{n}"]!.failed + found.routes!["POST /items"]!.failed, 0);
  t.deepEqual(Object.keys(found.servers!), ["web-1"]);
  t.deepEqual(
    found.findings.map(f => f.anomaly),
    ["wrong-body"],
  );
  t.regex(found.findings[0]!.text, /GET \/broken .*200 by web-1/);
  t.is(connections(), 1, "one connection is kept");
});

test("a server that says not now has failed; what it answers wrongly is a finding", async t => {
  const {found} = await run(
    t,
    (request, response) => {
      request.resume();
      response.writeHead({"/busy": 503, "/gone": 404, "/cut": 502}[request.url!]!).end();
    },
    {routes: "GET /busy; GET /gone; POST /cut"},
  );
  t.like(found.routes!["GET /busy"], {ok: 0, unknown: 0, errors: {503: found.routes!["GET /busy"]!.failed}});
  t.true(found.routes!["POST /cut"]!.unknown > 0, "a gateway's 502 to a POST may have been carried out");
  t.deepEqual(
    found.findings.map(f => f.anomaly),
    ["wrong-status"],
  );
  t.regex(found.findings[0]!.text, /GET \/gone .*404/);
});

test("a request that is cut off: reads have failed, writes are unknown", async t => {
  const {found, connections} = await run(t, request => void request.socket.destroy(), {routes: "GET /; POST /"});
  const [get, post] = [found.routes!["GET /"]!, found.routes!["POST /"]!];
  t.true(get.failed > 0 && get.unknown === 0);
  t.true(post.unknown > 0);
  t.true(connections() > 2);
  t.deepEqual(found.findings, []);
});

test("no answer in time is a timeout, recorded with its route", async t => {
  const {operations} = await run(t, () => {}, {routes: "PUT /slow"});
  t.like(operations[0], {kind: "PUT /slow", outcome: "unknown", error: "timeout"});
});

test("without keepAlive every request has a connection of its own", async t => {
  const {operations, connections} = await run(t, (_, response) => void response.end(), {keepAlive: false});
  t.is(operations.filter(o => o.outcome === "ok").length, operations.length);
  t.is(connections(), operations.length);
});

test("a server that closes its idle connections costs no request", async t => {
  const {operations} = await run(t, (_, response) => void response.setHeader("connection", "close").end(), {});
  for (const o of operations) t.is(o.outcome, "ok");
  await sleep(1);
});

test("routes have a form", t => {
  t.deepEqual(routesOf("GET /a; POST /b/{n} 201,202 ~some text"), [
    {name: "GET /a", method: "GET", path: "/a", statuses: [200], contains: ""},
    {name: "POST /b/{n}", method: "POST", path: "/b/{n}", statuses: [201, 202], contains: "some text"},
  ]);
  for (const wrong of ["", "get /", "GET", "GET a", "GET / 20", "GET /; ", "GET /;; GET /b", "GET / 200, 201"])
    t.notRegex(wrong, routesForm, wrong);
  for (const right of ["GET /", "GET /a?b=c 200 ~x; HEAD /b 204,304", "DELETE /x;GET /y"]) {
    t.regex(right, routesForm, right);
    t.notThrows(() => routesOf(right));
  }
});
