import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import type {Operation, Unsent} from "../../../lib/history.ts";
import type {WorkloadOrder} from "../../../lib/workload.ts";
import type {Client, Program} from "./contract.ts";
import {Pace} from "./pace.ts";
import {now} from "./time.ts";

interface Fake {
  window?: number;
  connect?: () => Promise<void>;
  perform?: (n: number) => Promise<void>;
}

function run(fake: Fake, rate: number, ms: number, order: Partial<WorkloadOrder> = {}) {
  const operations: Operation[] = [];
  const unsent: Unsent[] = [];
  let open = false;
  const client: Client = {
    window: fake.window ?? 1,
    get open() {
      return open;
    },
    async connect() {
      await fake.connect?.();
      open = true;
    },
    async perform(n) {
      await fake.perform?.(n);
      return {kind: "w", outcome: "ok", value: `0-${n}`};
    },
    destroy() {
      open = false;
    },
  };
  const program: Program = {
    kind: "w",
    value: (number, n) => `${number}-${n}`,
    prepare: async () => {},
    client: () => client,
    classify: error => ({outcome: "unknown", error: (error as {code?: string}).code ?? "x"}),
    clean: async () => {},
  };
  const given = {clients: 1, rate, timeoutMs: 300, options: {backlog: 200}, ...order} as unknown as WorkloadOrder;
  const pace = new Pace(
    given,
    program,
    0,
    operation => operations.push(operation),
    run => unsent.push(run),
  );
  const from = now();
  return {operations, unsent, pace, done: pace.run(from, from + ms)};
}

test("operations come due at the rate whatever the server does", async t => {
  const {operations, pace, done} = run({}, 100, 500);
  await done;
  t.true(operations.length + pace.notSent === 50);
  const spacing = operations.slice(1).map((o, i) => o.due - operations[i]!.due);
  if (pace.notSent === 0) for (const ms of spacing) t.true(Math.abs(ms - 10) < 0.1);
});

test("an operation that hangs is unknown after its limit, and the backlog is dropped, not sent in a burst", async t => {
  // The first from number 5 on: on a busy machine one of them may be given up itself.
  let hung = 0;
  const {operations, unsent, pace, done} = run(
    {
      async perform(n) {
        if (n < 5 || hung) return;
        hung = n;
        await new Promise(() => {});
      },
    },
    100,
    1000,
  );
  await done;
  const cut = operations.find(o => o.value === `0-${hung}`)!;
  t.is(cut.outcome, "unknown");
  t.is(cut.error, "timeout");
  t.true(cut.done - cut.sent >= 295);
  t.true(pace.notSent >= 5, `${pace.notSent} given up`);
  t.true(
    operations.some(o => o.outcome === "ok" && o.sent - o.due > 50),
    "some are sent late with their due time kept",
  );
  t.is(operations.length + pace.notSent, 100);
  t.is(unsent[0]!.slots, Math.round((unsent[0]!.last - unsent[0]!.first) / 10) + 1);
  t.is(
    unsent.reduce((sum, u) => sum + u.slots, 0),
    pace.notSent,
  );
  const waited = unsent[0]!.at - unsent[0]!.first;
  t.true(
    waited > 250 && waited < 1000,
    `the first given up had waited ${waited} ms, nearly as long as the one that hung`,
  );
});

test("a load that ends while its client hangs counts what had waited too long", async t => {
  const {operations, unsent, pace, done} = run({perform: () => new Promise(() => {})}, 100, 60_000, {timeoutMs: 1500});
  await sleep(600);
  pace.stop();
  await done;
  t.is(operations.length, 1);
  t.is(unsent.length, 1);
  const [{slots, first, last, at}] = unsent as [Unsent];
  t.is(slots, pace.notSent);
  t.is(first, operations[0]!.due + 10);
  t.true(at - last > 200 && at - last <= 215, `the last had waited ${at - last} ms, just more than the backlog of 200`);
});

test("a connection that fails is a failed operation, and tries are spaced", async t => {
  const refused = Object.assign(new Error("no"), {code: "ECONNREFUSED"});
  const {operations, done} = run({connect: () => Promise.reject(refused)}, 100, 1000);
  await done;
  t.true(operations.length >= 3 && operations.length <= 8, `${operations.length} tries in 1 s`);
  for (const o of operations) t.like(o, {outcome: "failed", error: "ECONNREFUSED"});
});

test("a login that hangs has failed: nothing was sent", async t => {
  const {operations, done} = run({connect: () => new Promise(() => {})}, 10, 200);
  await done;
  t.like(operations[0], {outcome: "failed", error: "timeout"});
});

test("as many operations as the window are under way at once", async t => {
  let [now, most] = [0, 0];
  const perform = async () => {
    most = Math.max(most, ++now);
    await sleep(50);
    now--;
  };
  await run({window: 4, perform}, 400, 400).done;
  t.is(most, 4);
});

test("stop ends it at once and waits for what is under way", async t => {
  const {operations, pace, done} = run({perform: () => sleep(50)}, 10, 60_000);
  await sleep(120);
  const began = now();
  pace.stop();
  await done;
  t.true(now() - began < 2000);
  for (const o of operations) t.is(o.outcome, "ok");
});

test("a connection that has lived long enough is opened anew between two operations, and no operation fails", async t => {
  let [opened, underWay] = [0, 0];
  const connect = async () => {
    t.is(underWay, 0, "nothing was under way");
    opened++;
  };
  const perform = async () => {
    underWay++;
    await sleep(15);
    underWay--;
  };
  const options = {backlog: 5000, lifetime: 100};
  const {operations, done} = run({window: 4, connect, perform}, 100, 600, {options});
  await done;
  t.true(opened >= 3 && opened <= 8, String(opened));
  t.true(operations.every(o => o.outcome === "ok"));
});
