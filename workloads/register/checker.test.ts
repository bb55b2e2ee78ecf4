import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check, finds} from "./checker.ts";

let clock = 0;
const op = (
  kind: "write" | "read",
  client: number,
  register: number,
  value: number,
  outcome: Outcome = "ok",
  on = 1,
): Operation => {
  clock += 10;
  return {client, kind, due: clock, sent: clock, done: clock + 5, outcome, data: {register, value, on}};
};
const write = (client: number, value: number, outcome?: Outcome) => op("write", client, client, value, outcome);
const history = (operations: Operation[], finalRead: number[] | undefined = [-1, -1], sync = false): History => ({
  workload: "register",
  clients: 2,
  operations,
  finalRead,
  options: {sync},
});

/** What registers end with where nothing is lost: the highest that was acknowledged, or read of a write that is
 *  unknown. */
const endOf = (operations: readonly Operation[]): number[] =>
  [0, 1].map(register => {
    const written = operations.filter(o => o.kind === "write" && o.outcome !== "failed" && o.client === register);
    const own = written.map(o => ({...o, value: (o.data as {value: number}).value}));
    const read = (value: number) =>
      operations.some(o => o.kind === "read" && (o.data as {value: number}).value === value);
    return Math.max(-1, ...own.filter(o => o.outcome === "ok" || read(o.value)).map(o => o.value));
  });

const rows: {
  name: string;
  operations: () => Operation[];
  findings: string[];
  sync?: boolean;
  note?: RegExp;
  final?: number[];
}[] = [
  {
    name: "all as it should be",
    operations: () => [write(0, 0), op("read", 0, 0, 0), op("read", 1, 0, 0)],
    findings: [],
  },
  {
    name: "own write is not seen",
    operations: () => [write(0, 0), write(0, 2), op("read", 0, 0, 0)],
    findings: ["stale-read"],
  },
  {
    name: "own write before a reconnect is not seen",
    operations: () => [write(0, 0), op("read", 0, 0, -1, "ok", 2)],
    findings: ["stale-read"],
  },
  {
    name: "own write is unknown and not seen",
    operations: () => [write(0, 0, "unknown"), op("read", 0, 0, -1)],
    findings: [],
  },
  {
    name: "time runs backwards",
    operations: () => [write(1, 0), op("read", 0, 1, 0), write(1, 2), op("read", 0, 1, 2), op("read", 0, 1, 0)],
    findings: ["non-monotonic-read"],
    note: /did not show what another client/,
  },
  {
    name: "two sessions differ",
    operations: () => [write(1, 0), write(1, 2), op("read", 0, 1, 0)],
    findings: [],
    note: /1 of 1 reads .* by up to 5 ms/,
  },
  {
    name: "two sessions differ though asked not to",
    operations: () => [write(1, 0), write(1, 2), op("read", 0, 1, 0)],
    findings: ["stale-read"],
    sync: true,
  },
  {
    name: "a write that failed is read",
    operations: () => [write(0, 0, "failed"), op("read", 1, 0, 0)],
    findings: ["G1a"],
  },
  {
    name: "a write that is unknown is read",
    operations: () => [write(0, 0, "unknown"), op("read", 1, 0, 0)],
    findings: [],
  },
  {name: "what nobody wrote is read", operations: () => [op("read", 1, 0, 7)], findings: ["stranger"]},
  {
    name: "what was not sent yet is read",
    operations: () => [op("read", 1, 0, 0), write(0, 0)].toReversed(),
    findings: ["future-read"],
  },
  {
    name: "what nobody wrote is there in the end",
    operations: () => [write(0, 0)],
    findings: ["stranger"],
    final: [7, -1],
  },
  {
    name: "a write that failed is there in the end",
    operations: () => [write(0, 0, "failed")],
    findings: ["G1a"],
    final: [0, -1],
  },
  {
    name: "a write that is unknown was read, and is gone in the end",
    operations: () => [write(0, 0, "unknown"), op("read", 1, 0, 0)],
    findings: ["vanished"],
    final: [-1, -1],
  },
  {
    name: "a write that is unknown is there in the end, though nobody had read it",
    operations: () => [write(0, 0, "unknown"), op("read", 1, 0, -1)],
    findings: [],
    final: [0, -1],
  },
];

for (const {name, operations, findings, sync, note, final} of rows) {
  test(name, t => {
    const given = operations();
    const found = check(history(given, final ?? endOf(given), sync));
    t.deepEqual(
      found.findings.map(f => f.anomaly),
      findings,
    );
    if (!final) for (const f of found.findings) t.is(f.operations.at(-1), given.at(-1));
    if (note) t.regex(found.notes!.join(), note);
    else t.deepEqual(found.notes, []);
  });
}

test("every class that it tells is planted", t => {
  t.deepEqual([...new Set(rows.flatMap(r => r.findings))].sort(), finds.filter(f => f !== "lost").sort());
});

test("a register that ends below what was acknowledged is lost", t => {
  t.is(check(history([write(0, 0), write(0, 2), write(1, 4)], [0, 4])).lost, 1);
  t.is(check({...history([write(0, 0)]), finalRead: undefined}).lost, undefined);
});

const steps = fc.array(
  fc.record({
    client: fc.nat(1),
    reads: fc.boolean(),
    register: fc.nat(1),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
  }),
  {maxLength: 80},
);
type Steps = {client: number; reads: boolean; register: number; outcome: Outcome; landed: boolean}[];

/** One operation after the other on one store. */
function serial(given: Steps) {
  const registers = [-1, -1];
  let n = 0;
  const operations = given.map(({client, reads, register, outcome, landed}) => {
    if (reads) return op("read", client, register, registers[register]!);
    n += 2;
    if (outcome === "ok" || (outcome === "unknown" && landed)) registers[client] = n;
    return write(client, n, outcome);
  });
  return {operations, registers};
}

test("operations one after the other show nothing, across clients either", t => {
  fc.assert(
    fc.property(steps, given => {
      const {operations, registers} = serial(given);
      t.like(check(history(operations, registers, true)), {findings: [], lost: 0, notes: []});
    }),
  );
});

test("a read that goes back behind the session's own write is found as that", t => {
  fc.assert(
    fc.property(steps, given => {
      const {operations, registers} = serial(given);
      const planted = [write(0, 1000), write(0, 1002), op("read", 0, 0, 1000)];
      const {findings} = check(history([...operations, ...planted], [1002, registers[1]!]));
      t.deepEqual(
        findings.map(f => [f.anomaly, f.operations]),
        [["stale-read", [planted[1], planted[2]]]],
      );
    }),
  );
});

const read = (client: number, register: number, value: number) => op("read", client, register, value);
/** Operations at the end of a serial history, of which the last is what is wrong. */
const planted: [what: string, anomaly: string, sync: boolean, plant: () => Operation[]][] = [
  [
    "a session's read that goes back behind its own",
    "non-monotonic-read",
    false,
    () => [write(1, 1000), read(0, 1, 1000), write(1, 1002), read(0, 1, 1002), read(0, 1, 1000)],
  ],
  ["a read of a write that failed", "G1a", false, () => [write(0, 1000, "failed"), read(1, 0, 1000)]],
  ["a read of what nobody wrote", "stranger", false, () => [read(1, 0, 1001)]],
  [
    "another client's write that is not seen though it was asked for",
    "stale-read",
    true,
    () => [write(1, 1000), write(1, 1002), read(0, 1, 1000)],
  ],
];
for (const [what, anomaly, sync, plant] of planted) {
  test(`${what} is found as ${anomaly}`, t => {
    fc.assert(
      fc.property(steps, given => {
        const {operations, registers} = serial(given);
        const end = plant();
        const last = Math.max(registers[1]!, endOf(end)[1]!);
        const {findings, lost} = check(history([...operations, ...end], [registers[0]!, last], sync));
        t.deepEqual(
          findings.map(f => [f.anomaly, f.operations.at(-1)]),
          [[anomaly, end.at(-1)]],
        );
        t.is(lost, 0);
      }),
    );
  });
}

test("a register that stands below an acknowledged write is lost, whatever else happened", t => {
  fc.assert(
    fc.property(steps, fc.integer({min: 1, max: 999}), (given, below) => {
      const {operations, registers} = serial(given);
      t.is(check(history([...operations, write(0, 1000)], [1000 - below, registers[1]!])).lost, 1);
    }),
  );
});
