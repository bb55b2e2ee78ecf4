import test from "ava";
import type {FaultResult} from "../../lib/result.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {budgetTopology} from "../../test/budget-topology.ts";
import {FakeTarget} from "../../test/fake-target.ts";
import {fakeTopology} from "../../test/fake-topology.ts";
import type {LogWindow, ProcessLog} from "../targets/target.ts";
import {collectLogs, windowsOf} from "./logs.ts";

const fault = (members: string[], injected = 100_000, healed = 120_000): FaultResult => ({
  fault: "kill",
  asked: "kill",
  members,
  injected,
  healed,
});

/** Members that say what the test wants, and remember what they were asked. */
class Talking extends FakeTarget {
  readonly asked: {member: string; window: LogWindow}[] = [];
  readonly say: (member: string, window: LogWindow) => string[];
  constructor(say: Talking["say"]) {
    super();
    this.say = say;
  }
  override async logs(member: TopologyMember, window: LogWindow): Promise<ProcessLog[]> {
    this.asked.push({member: member.name, window});
    const all = this.say(member.name, window);
    const lines = all.slice(0, window.lines).map(text => ({at: window.since, text}));
    return [
      {process: "main", lines, more: all.length - lines.length},
      {process: "helper", lines: [], more: 0},
    ];
  }
}
const collect = (target: FakeTarget, faults: FaultResult[]) =>
  collectLogs({target, topology: fakeTopology, secrets: {app: "hunter2-hunter2"}}, faults);

test("two windows, or one where the healing follows at once", t => {
  t.deepEqual(windowsOf({injected: 100_000, healed: 120_000}), [
    {since: 98_000, until: 105_000},
    {since: 118_000, until: 125_000},
  ]);
  t.deepEqual(windowsOf({injected: 100_000, healed: 106_000}), [{since: 98_000, until: 111_000}]);
  t.deepEqual(windowsOf({injected: 100_000}), [{since: 98_000, until: 105_000}]);
});

test("who was hit comes first, then the others of its component", async t => {
  const target = new Talking(name => [`${name} here`]);
  const logs = await collect(target, [fault(["memcached-1"])]);
  t.deepEqual(
    logs.map(l => [l.fault, l.member, l.process, l.lines.length]),
    [
      [0, "memcached-1", "main", 2],
      [0, "memcached-0", "main", 2],
      [0, "memcached-2", "main", 2],
    ],
  );
  t.deepEqual(
    target.asked.filter(a => a.member === "memcached-1").map(a => a.window.since),
    [98_000, 118_000],
  );
});

test("the proxies that send clients to who was hit come last", async t => {
  const target = new Talking(name => [`${name} here`]);
  const logs = await collectLogs({target, topology: budgetTopology(), secrets: {}}, [fault(["galera-1"])]);
  t.deepEqual(
    logs.map(l => l.member),
    ["galera-1", "galera-0", "galera-2", "vip-0", "vip-1"],
  );
});

test("secrets and control characters do not get into the report, not even in part", async t => {
  const line = `${"x".repeat(395)}hunter2-hunter2\u001b[2J`;
  const [log] = await collect(new Talking(() => [line]), [fault(["memcached-0"])]);
  const text = log!.lines[0]!.text;
  t.false(text.includes("hunter2"));
  t.true(text.endsWith("…") && text.length <= 401);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  t.notRegex(text, /\u001b/);
});

test("a talkative member is cut, and the report says by how much", async t => {
  const many = Array.from({length: 5000}, (_, i) => `line ${i}`);
  const [log] = await collect(new Talking(() => many), [{...fault(["memcached-0"]), healed: undefined}]);
  t.is(log!.lines.length, 200);
  t.is(log!.more, 4800);
  t.is(log!.lines[0]!.text, "line 0");
});

test("many faults share the room", async t => {
  const many = Array.from({length: 300}, () => "again");
  const logs = await collect(
    new Talking(() => many),
    Array.from({length: 40}, () => fault(["memcached-0"])),
  );
  const lines = logs.reduce((sum, log) => sum + log.lines.length, 0);
  t.true(lines <= 6000, `${lines}`);
  t.is(new Set(logs.map(l => l.fault)).size, 40);
});

test("a member whose logs cannot be had is left out, and a fault that hit nobody has none", async t => {
  const target = new Talking(name => {
    if (name === "memcached-1") throw new Error("no such container");
    return ["here"];
  });
  const logs = await collect(target, [fault([]), fault(["memcached-1"])]);
  t.deepEqual(
    logs.map(l => l.member),
    ["memcached-0", "memcached-2"],
  );
  t.true(logs.every(l => l.fault === 1));
});
