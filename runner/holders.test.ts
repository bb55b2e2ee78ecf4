import test from "ava";
import {kindOf} from "../components/kinds.ts";
import {budgetTopology} from "../test/budget-topology.ts";
import {holdings as holdingsBy, twoHolders, type Watched} from "./holders.ts";
import type {ProcessLog} from "./targets/target.ts";

const vip = budgetTopology().components.find(c => c.name === "vip")!;
const names = vip.members.map(m => m.name);
const [one, two] = names as [string, string];

const master = "Thu Nov 26 22:18:43 2026: (vip) Entering MASTER STATE";
const backup = "Thu Nov 26 22:18:43 2026: (vip) Entering BACKUP STATE";
const said = (...rows: [number, string][]): ProcessLog[] => [
  {process: "main", lines: [{at: 1, text: "Proxy sql started."}], more: 0},
  {process: "keepalived", lines: rows.map(([at, text]) => ({at, text})), more: 0},
];
const fault = (kind: string, member: string, injected: number, healing?: number): Watched["faults"][number] => ({
  result: {fault: kind, members: [member], injected, healing},
});
const holdings = (member: string, logs: ProcessLog[], watched: Watched) =>
  holdingsBy(member, logs, watched, kindOf(vip.kind).witness.address!.says);
const run = (faults: Watched["faults"] = [], ...first: string[]): Watched => ({
  span: {from: 0, to: 10_000},
  first: new Set(first),
  faults,
});
const both = (logs: Record<string, ProcessLog[]>, watched: Watched) =>
  twoHolders({logs: async ({name}) => logs[name]!}, vip, watched);

test("from the moment that it takes the address until it gives it up", t => {
  t.deepEqual(
    holdings(one, said([1000, master], [1001, master], [4000, backup], [5000, "(vip) entering FAULT state"]), run()),
    [{from: 1000, to: 4000}],
  );
});

test("whoever holds it at the beginning need not say so, and holds it to the end of the run", t => {
  t.deepEqual(holdings(one, said([4000, backup], [6000, master]), run([], one)), [
    {from: 0, to: 4000},
    {from: 6000, to: 10_000},
  ]);
});

test("a Keepalived that died left the address behind until the next one takes it off", t => {
  const starting = "Thu Nov 26 22:18:42 2026: Starting Keepalived v2.2.7 (01/16,2022)";
  t.deepEqual(holdings(one, said([3000, starting]), run([], one)), [{from: 0, to: 3000}]);
});

test("a member that is killed holds nothing from then on", t => {
  t.deepEqual(holdings(one, said(), run([fault("kill", one, 2000, 5000)], one)), [{from: 0, to: 2000}]);
  t.deepEqual(holdings(one, said(), run([fault("kill", two, 2000, 5000)], one)), [{from: 0, to: 10_000}]);
});

test("a member that is frozen holds nothing meanwhile, and again when it goes on", t => {
  t.deepEqual(holdings(one, said([5300, backup]), run([fault("pause", one, 2000, 5000)], one)), [
    {from: 0, to: 2000},
    {from: 5000, to: 5300},
  ]);
});

test("two holders: as long as both had it, however short", async t => {
  t.is(await both({[one]: said([4000, backup]), [two]: said([3990, master])}, run([], one)), 10);
  t.is(await both({[one]: said([4000, backup]), [two]: said([4000, master])}, run([], one)), 0);
  t.is(await both({[one]: said(), [two]: said([9000, master])}, run([], one)), 1000, "to the end of the run");
});

test("a former holder that was frozen and goes on makes two until it steps back", async t => {
  const logs = {[one]: said([8250, backup]), [two]: said([2170, master])};
  t.is(await both(logs, run([fault("pause", one, 2000, 8000)], one)), 250);
});

test("nobody seen to hold it is not known, and neither is a log that cannot be read", async t => {
  t.is(await both({[one]: said(), [two]: said()}, run()), undefined);
  await t.throwsAsync(both({[one]: said()}, run()));
});
