import type {AddressInfo} from "node:net";
import test from "ava";
import {serve} from "./serve.ts";
import type {Watched} from "./watch.ts";

test("answers 200 or 503 with the reason, state as JSON, and nothing else", async t => {
  const seen: Watched = {look: undefined, trouble: "connection refused"};
  const server = serve(seen, {freshMs: 500, donorServes: true, lowDiskBytes: 0}).listen(0, "127.0.0.1");
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  await new Promise(resolve => server.once("listening", resolve));
  const ask = (path: string, method = "GET") =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {method});
  const first = await ask("/writable");
  t.is(first.status, 503);
  t.is(await first.text(), "no answer from the database yet: connection refused\n");
  seen.look = {at: performance.now(), localState: "4", clusterStatus: "Primary", ready: true};
  t.is((await ask("/writable")).status, 200);
  t.is((await ask("/", "HEAD")).status, 200);
  t.like(await (await ask("/state")).json(), {writable: true, localState: "4"});
  t.is((await ask("/other")).status, 404);
  t.is((await ask("/writable", "POST")).status, 405);
});
