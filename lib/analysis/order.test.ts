import test from "ava";
import fc from "fast-check";
import type {Operation} from "../history.ts";
import {checkOrder, type Delivery} from "./order.ts";

const publish = (client: number, n: number, link: number | "unknown" = 1): Operation => ({
  client,
  kind: "publish",
  due: n,
  sent: n,
  done: n + 1,
  outcome: link === "unknown" ? "unknown" : "ok",
  value: `${client}-${n}`,
  ...(link === "unknown" ? {} : {data: {link}}),
});
const delivery = (value: string, link = 1, redelivered = false): Delivery => ({value, link, redelivered});
const publishes = [publish(0, 0), publish(0, 1), publish(0, 2), publish(0, 3, 2), publish(0, 4, "unknown")];

const rows: {name: string; given: Delivery[]; outOfOrder: number; findings: number}[] = [
  {name: "in order", given: ["0-0", "0-1", "0-2"].map(v => delivery(v)), outOfOrder: 0, findings: 0},
  {name: "with a gap", given: ["0-0", "0-2"].map(v => delivery(v)), outOfOrder: 0, findings: 0},
  {name: "overtaken", given: ["0-1", "0-0", "0-2"].map(v => delivery(v)), outOfOrder: 1, findings: 1},
  {name: "overtaken twice", given: ["0-2", "0-0", "0-1"].map(v => delivery(v)), outOfOrder: 2, findings: 2},
  {name: "delivered again", given: ["0-0", "0-1", "0-0"].map(v => delivery(v)), outOfOrder: 0, findings: 0},
  {
    name: "late because the broker delivers again",
    given: [delivery("0-1"), delivery("0-0", 1, true)],
    outOfOrder: 1,
    findings: 0,
  },
  {
    name: "late because the consumer connected anew",
    given: [delivery("0-1"), delivery("0-0", 2)],
    outOfOrder: 1,
    findings: 0,
  },
  {
    name: "overtaken by a message that comes after a redelivered one",
    given: [delivery("0-2", 1, true), delivery("0-1"), delivery("0-0")],
    outOfOrder: 2,
    findings: 1,
  },
  {
    name: "overtaken on the consumer's new connection",
    given: [delivery("0-2"), delivery("0-1", 2), delivery("0-0", 2)],
    outOfOrder: 2,
    findings: 1,
  },
  {
    name: "over two connections of the publisher",
    given: ["0-3", "0-0", "0-1"].map(v => delivery(v)),
    outOfOrder: 0,
    findings: 0,
  },
  {name: "of an unknown connection", given: ["0-4", "0-0"].map(v => delivery(v)), outOfOrder: 0, findings: 0},
  {name: "of nobody", given: ["9-9", "0-0"].map(v => delivery(v)), outOfOrder: 0, findings: 0},
];

for (const {name, given, outOfOrder, findings} of rows) {
  test(`order: ${name}`, t => {
    const result = checkOrder(given, publishes);
    t.is(result.outOfOrder, outOfOrder);
    t.deepEqual(
      result.findings.map(f => f.anomaly),
      Array.from({length: findings}, () => "order"),
    );
  });
}

test("a finding shows both messages, the overtaken first", t => {
  const [finding] = checkOrder(
    ["0-2", "0-1"].map(v => delivery(v)),
    publishes,
  ).findings;
  t.deepEqual(
    finding!.operations.map(o => o.value),
    ["0-1", "0-2"],
  );
});

const streams = fc.array(fc.tuple(fc.nat(3), fc.boolean()), {maxLength: 120});

/** Messages of four publishers, each in its own order, mixed; some twice. */
function mixed(picks: [number, boolean][]): {given: Delivery[]; operations: Operation[]} {
  const next = [0, 0, 0, 0];
  const given = picks.flatMap(([client, again]) => {
    const value = `${client}-${next[client]!++}`;
    return again ? [delivery(value), delivery(value, 1, true)] : [delivery(value)];
  });
  const operations = next.flatMap((count, client) => Array.from({length: count}, (_, n) => publish(client, n)));
  return {given, operations};
}

test("publishers side by side, each in order, show nothing", t => {
  fc.assert(
    fc.property(streams, picks => {
      const {given, operations} = mixed(picks);
      t.deepEqual(checkOrder(given, operations), {outOfOrder: 0, findings: [], notes: []});
    }),
  );
});

test("one message moved behind later ones of its publisher is found as that", t => {
  fc.assert(
    fc.property(streams, fc.nat(), (picks, place) => {
      const {given, operations} = mixed(picks.map(([client]) => [client, false]));
      const at = place % Math.max(1, given.length);
      const moved = given[at];
      fc.pre(moved !== undefined && given.slice(at + 1).some(d => d.value[0] === moved.value[0]));
      const {outOfOrder, findings} = checkOrder([...given.toSpliced(at, 1), moved!], operations);
      t.is(outOfOrder, 1);
      t.is(findings[0]!.operations[0]!.value, moved!.value);
    }),
  );
});

test("many are told by the first ten, and counted", t => {
  const operations = Array.from({length: 30}, (_, n) => publish(0, n));
  const given = operations.map(o => delivery(String(o.value))).reverse();
  const {outOfOrder, findings, notes} = checkOrder(given, operations);
  t.deepEqual([outOfOrder, findings.length], [29, 10]);
  t.regex(notes.join(), /29 times/);
});
