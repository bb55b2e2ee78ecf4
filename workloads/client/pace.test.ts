import test from "ava";
import type {Operation, Unsent} from "../../lib/history.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {HandClock} from "../../test/hand-clock.ts";
import type {Client, Program} from "./contract.ts";
import {Pace} from "./pace.ts";

interface Fake {
  window?: number;
  connect?: () => Promise<void>;
  perform?: (n: number) => Promise<void>;
}

function run(fake: Fake, rate: number, ms: number, order: Partial<WorkloadOrder> = {}, clock = new HandClock()) {
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
    clock,
  );
  const from = clock.now();
  return {operations, unsent, pace, clock, from, done: pace.run(from, from + ms)};
}

test("operations come due at the rate whatever the server does", async t => {
  const {operations, pace, clock, from, done} = run({}, 100, 500);
  await clock.pass(500);
  await done;
  t.is(pace.notSent, 0);
  const due = Array.from({length: 50}, (_, n) => from + 10 * n);
  t.deepEqual(
    operations.map(o => o.due),
    due,
  );
  t.deepEqual(
    operations.map(o => o.sent),
    due,
  );
});

test("an operation that hangs is unknown after its limit, and the backlog is dropped, not sent in a burst", async t => {
  const perform = (n: number) => (n === 5 ? new Promise<void>(() => {}) : Promise.resolve());
  const {operations, unsent, pace, clock, from, done} = run({perform}, 100, 1000);
  await clock.pass(1000);
  await done;
  const cut = operations.find(o => o.value === "0-5")!;
  t.like(cut, {outcome: "unknown", error: "timeout", sent: from + 50, done: from + 350});
  // All that had waited for more than the 200 ms of the backlog when the hung one was cut.
  t.deepEqual(unsent, [{client: 0, slots: 9, first: from + 60, last: from + 140, at: from + 350}]);
  t.is(pace.notSent, 9);
  t.is(operations.length, 100 - 9);
  const late = operations.filter(o => o.sent > o.due);
  t.deepEqual(
    [late[0]!.due, late.at(-1)!.due, late.length],
    [from + 150, from + 340, 20],
    "the rest is sent late, with its due time kept",
  );
});

test("a load that ends while its client hangs counts what had waited too long", async t => {
  const hang = () => new Promise<void>(() => {});
  const {operations, unsent, pace, clock, from, done} = run({perform: hang}, 100, 60_000, {timeoutMs: 1500});
  await clock.pass(605);
  pace.stop();
  await clock.pass(1000);
  await done;
  t.is(operations.length, 1);
  t.deepEqual(unsent, [{client: 0, slots: 40, first: from + 10, last: from + 400, at: from + 605}]);
  t.is(pace.notSent, 40);
});

test("a connection that fails is a failed operation, and tries are spaced", async t => {
  const refused = Object.assign(new Error("no"), {code: "ECONNREFUSED"});
  const {operations, clock, from, done} = run({connect: () => Promise.reject(refused)}, 100, 1000);
  await clock.pass(2000);
  await done;
  t.deepEqual(
    operations.map(o => o.sent - from),
    [0, 50, 150, 350, 550, 750, 950, 1150],
  );
  for (const o of operations) t.like(o, {outcome: "failed", error: "ECONNREFUSED"});
});

test("a login that hangs has failed: nothing was sent", async t => {
  const {operations, clock, from, done} = run({connect: () => new Promise(() => {})}, 10, 200);
  await clock.pass(1000);
  await done;
  t.like(operations[0], {outcome: "failed", error: "timeout", done: from + 300});
});

test("as many operations as the window are under way at once", async t => {
  let [underWay, most] = [0, 0];
  const clock = new HandClock();
  const perform = async () => {
    most = Math.max(most, ++underWay);
    await clock.sleep(50);
    underWay--;
  };
  const {done} = run({window: 4, perform}, 400, 400, {}, clock);
  await clock.pass(1000);
  await done;
  t.is(most, 4);
});

test("stop ends it at once and waits for what is under way", async t => {
  const clock = new HandClock();
  const {operations, pace, from, done} = run({perform: () => clock.sleep(50)}, 10, 60_000, {}, clock);
  await clock.pass(120);
  pace.stop();
  await clock.pass(29);
  t.is(operations.length, 1, "one is under way");
  await clock.pass(1);
  await done;
  t.deepEqual(
    operations.map(o => [o.outcome, o.done - from]),
    [
      ["ok", 50],
      ["ok", 150],
    ],
  );
});

test("a connection that has lived long enough is opened anew between two operations, and no operation fails", async t => {
  const clock = new HandClock();
  const opened: number[] = [];
  let underWay = 0;
  const connect = async () => {
    t.is(underWay, 0, "nothing was under way");
    opened.push(clock.now());
  };
  const perform = async () => {
    underWay++;
    await clock.sleep(15);
    underWay--;
  };
  // The first client's connections live for 0.8 of it.
  const options = {backlog: 5000, lifetime: 100};
  const {operations, from, done} = run({window: 4, connect, perform}, 100, 600, {options}, clock);
  await clock.pass(1000);
  await done;
  t.deepEqual(
    opened.map(at => at - from),
    [0, 85, 175, 265, 355, 445, 535],
  );
  t.is(operations.length, 60);
  t.true(operations.every(o => o.outcome === "ok"));
});
