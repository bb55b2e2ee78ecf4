import test from "ava";
import {memberOf, nodeOf, queueLeader, state} from "./state.ts";

const answer = {
  healthy: true,
  alone: false,
  node: "rabbit@rabbitmq-1.internal",
  running: true,
  known: 3,
  up: 3,
  partitions: 0,
  alarms: 0,
  queues: 4,
  leaders: 2,
};
const parse = (more: object = {}, code = 0) =>
  state.parse({code, stdout: `${JSON.stringify({...answer, ...more})}\n`, stderr: ""});

const rows: [what: string, more: object, code: number, healthy: boolean, shown: RegExp][] = [
  ["healthy", {}, 0, true, /^running, 3 of 3$/],
  ["one peer away", {up: 2}, 0, true, /^running, 2 of 3$/],
  ["partitioned", {healthy: false, partitions: 1}, 1, false, /partitioned/],
  ["paused by its own rule", {healthy: false, running: false, up: 0}, 1, false, /^not serving .* 0 of 3$/],
  ["its disk is full", {healthy: false, full: true, alarms: 1}, 1, false, /disk full, memory or disk alarm/],
  ["out of memory", {alarms: 1}, 0, true, /alarm: publishers are blocked/],
];
for (const [what, more, code, healthy, shown] of rows)
  test(what, t => {
    const read = parse(more, code);
    t.is(read.healthy, healthy);
    t.regex(read.state, shown);
  });

test("it says how many queues it leads", t => {
  t.deepEqual(parse().roles, ["leader:2"]);
  t.deepEqual(parse({leaders: 0}).roles, []);
  t.is(parse().detail.queues, 4);
});

for (const [stdout, stderr, shown] of [
  ["", "", "no answer (exit code 1)"],
  ["erl_call: failed to connect to node\n", "", "no answer: erl_call: failed to connect to node"],
  ["{", "x\ny", "no answer: y"],
  ["null", "", "no answer: null"],
] as const)
  test(`what cannot be read is not healthy: ${JSON.stringify(stdout)}`, t => {
    const read = state.parse({code: 1, stdout, stderr});
    t.false(read.healthy);
    t.is(read.state, shown);
  });

test("the leader of a queue", t => {
  const {command, parse: read} = queueLeader("a'b", "/");
  t.deepEqual(command.slice(1), ["queue", "2f", "612762"]);
  t.is(read({code: 0, stdout: "rabbit@rabbitmq-2.internal", stderr: ""}), "rabbitmq-2");
  t.is(read({code: 0, stdout: "", stderr: ""}), undefined);
  t.is(read({code: 1, stdout: "rabbit@rabbitmq-2.internal", stderr: ""}), undefined);
  t.is(memberOf(nodeOf("rabbitmq-0")), "rabbitmq-0");
});
