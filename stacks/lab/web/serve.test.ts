import type {AddressInfo} from "node:net";
import test from "ava";
import {serve} from "./serve.ts";

let leaving = false;
const server = serve({member: "web-1", healthPath: "/health"}, () => leaving);
const base = await new Promise<string>(resolve =>
  server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
);
test.after.always(() => void server.close());

for (const [path, status, body] of [
  ["/", 200, {member: "web-1"}],
  ["/items/7", 200, {item: 7}],
  ["/slow", 200, {slow: true}],
  ["/health", 200, {member: "web-1", leaving: false}],
  ["/nothing", 404, {error: "there are /, /items/<number> and /slow"}],
] as const)
  test.serial(`GET ${path}`, async t => {
    const answer = await fetch(`${base}${path}`);
    t.is(answer.status, status);
    t.is(answer.headers.get("x-served-by"), "web-1");
    t.deepEqual(await answer.json(), body);
  });

test.serial(
  "while it leaves, the health check says no, and requests are served and their connections closed",
  async t => {
    leaving = true;
    t.is((await fetch(`${base}/health`)).status, 404);
    const answer = await fetch(`${base}/items/1`);
    t.is(answer.status, 200);
    t.is(answer.headers.get("connection"), "close");
  },
);

for (const [body, status, answer] of [
  ['{"item": 7}', 201, {item: 7}],
  ['{"item": "7"}', 400, {error: 'takes {"item": <number>}'}],
  ["null", 400, {error: 'takes {"item": <number>}'}],
  ["x".repeat(5000), 413, {error: "takes 4096 bytes"}],
] as const)
  test.serial(`POST /items ${body.slice(0, 20)}`, async t => {
    const said = await fetch(`${base}/items`, {method: "POST", body});
    t.is(said.status, status);
    t.deepEqual(await said.json(), answer);
  });

test.serial("other methods are refused", async t => {
  t.is((await fetch(`${base}/`, {method: "POST", body: "x"})).status, 405);
});
