import test from "ava";
import {assess, type Standings, suffices} from "./assess.ts";
import {Recovery} from "./recovery.ts";
import type {Held, RecoveryMessage, Running} from "./standing.ts";
import {type Scene, verdict} from "./verdict.ts";

const three = {seqno: 5, members: ["a", "b", "c"]};
const held = (more: Partial<Held> = {}): Held => ({
  kind: "held",
  ballot: "1",
  cluster: "ours",
  seqno: 9,
  view: three,
  seen: null,
  crashed: true,
  home: "ours",
  promise: null,
  ...more,
});
const everybody = (arbitrators: string[] = [], holders = ["a", "b", "c"]) => ({
  arbitrators: new Set(arbitrators),
  holders,
});
const running = (more: Partial<Running> = {}): Running => ({kind: "running", stranded: "new", answers: true, ...more});
const promiseOf = (name: string, more: Partial<Held> = {}): Held =>
  held({promise: {name, ballot: "1"}, seen: three, ...more});
const scene = (standings: Standings, more: Partial<Scene> = {}): Scene => ({
  me: "a",
  standings,
  everybody: everybody(),
  primaries: [],
  recoveries: [],
  own: new Set(),
  force: null,
  patient: true,
  ...more,
});
const told = (standings: Standings, more: Partial<Scene> = {}): string => {
  const said = verdict(scene(standings, more));
  return "why" in said ? `${said.do}: ${said.why}` : "to" in said ? `${said.do} ${said.to.name}` : said.do;
};
const empty = held({cluster: null, seqno: -1, view: null, crashed: false, home: "unproven"});
const foreign = held({cluster: "another", home: "foreign"});
const r = {id: "r", cluster: "ours", at: 7, without: ["a"]};

for (const [what, standings, more, expected] of [
  [
    "beside a primary component it joins",
    {a: held()},
    {primaries: [{name: "b", cluster: "ours", knows: true}]},
    "join",
  ],
  ["an empty one joins", {a: empty}, {primaries: [{name: "b", cluster: "ours", knows: true}]}, "join"],
  [
    "an empty one starts nothing",
    {a: empty},
    {},
    "wait: has no data and waits for the others: no member with data is there",
  ],
  [
    "one of another cluster is fenced, whoever runs",
    {a: foreign},
    {primaries: [{name: "b", cluster: "ours", knows: true}]},
    "fenced: its data is of another cluster (another)",
  ],
  [
    "one that nobody proves foreign is fenced beside a primary component of another history",
    {a: held({cluster: "another", home: "unproven"})},
    {primaries: [{name: "b", cluster: "ours", knows: true}]},
    "fenced: its data is of another cluster (another; the others' is ours)",
  ],
  [
    "and where others wait that are proven",
    {a: held({cluster: "another", home: "unproven"}), b: held(), c: held()},
    {},
    "fenced: its data is of another cluster (another; the others' is ours)",
  ],
  [
    "and does not join one that does not say its history",
    {a: held({cluster: "another", home: "unproven"}), b: running()},
    {},
    "wait: nothing proves that the data of a is this cluster's",
  ],
  [
    "what is ahead of a recovery without it is fenced beside a primary component",
    {a: held()},
    {primaries: [{name: "b", cluster: "ours", knows: true}], recoveries: [r]},
    "fenced: its last 2 transactions (8 to 9) are not in the cluster, which was started without it",
  ],
  [
    "and beside one that is in none just now",
    {a: held(), b: running()},
    {recoveries: [r]},
    "fenced: its last 2 transactions (8 to 9) are not in the cluster, which was started without it",
  ],
  [
    "what was part of the recovery is not",
    {a: held()},
    {primaries: [{name: "b", cluster: "ours", knows: true}], recoveries: [r], own: new Set(["r"])},
    "join",
  ],
  [
    "what has no more than was there is not",
    {a: held({seqno: 7})},
    {primaries: [{name: "b", cluster: "ours", knows: true}], recoveries: [r]},
    "join",
  ],
  ["a living one that is in none just now is joined", {a: held(), b: running()}, {}, "join"],
  [
    "one that is in none for long is not",
    {a: held(), b: running({stranded: "old"})},
    {},
    "wait: waits for b and c: of the last component (a, b, c), and may have gone on alone",
  ],
  [
    "one that starts is not",
    {a: held(), b: running({answers: false})},
    {},
    "wait: waits for b and c: of the last component (a, b, c), and may have gone on alone",
  ],
  [
    "nor by whom a promise binds",
    {a: promiseOf("c"), b: running()},
    {},
    "wait: waits for c, which was to start the cluster and is silent",
  ],
  ["it promises to who has most", {a: held({seqno: 8}), b: held(), c: held({seqno: 8})}, {}, "promise b"],
  [
    "it promises to who was in the latest component, not to who has the highest number",
    {a: held({seqno: 8}), b: held({view: {seqno: 7, members: ["a", "b"]}, seqno: 8}), c: held({seqno: 20})},
    {},
    "promise b",
  ],
  [
    "not to who has promised itself",
    {a: held({seqno: 8}), b: promiseOf("c"), c: held()},
    {},
    "wait: waits for b, which waits for c",
  ],
  [
    "the best one waits for promises",
    {a: held(), b: held(), c: held()},
    {},
    "wait: is to start the cluster, and waits for the promise of b and c",
  ],
  ["and starts with those that make it safe", {a: held(), b: promiseOf("a"), c: held()}, {}, "start"],
  [
    "not with one of an earlier ballot",
    {a: held({ballot: "2"}), b: promiseOf("a"), c: held()},
    {},
    "wait: is to start the cluster, and waits for the promise of b and c",
  ],
  [
    "one of three alone waits",
    {a: held()},
    {},
    "wait: waits for b and c: of the last component (a, b, c), and may have gone on alone",
  ],
  ["two of three give the third time", {a: held(), b: held()}, {patient: false}, "wait: gives c time to come back"],
  [
    "two of three, of which one left in good order, wait",
    {a: held(), b: held({crashed: false})},
    {},
    "wait: waits for c: of the last component (a, b, c), and may have gone on alone",
  ],
  [
    "a promise binds while who has it is silent",
    {a: promiseOf("b"), c: held()},
    {},
    "wait: waits for b, which was to start the cluster and is silent",
  ],
  [
    "and while it starts",
    {a: promiseOf("b"), b: running({answers: false}), c: held()},
    {},
    "wait: waits for b, which starts the cluster",
  ],
  [
    "it is void when the other one was started again",
    {a: promiseOf("b", {seqno: 8}), b: held({ballot: "2"}), c: held()},
    {},
    "promise b",
  ],
  ["a best one takes back what is void", {a: promiseOf("b"), b: held({ballot: "2"}), c: held()}, {}, "withdraw"],
  [
    "it is settled once the member was in a later component",
    {a: promiseOf("z", {view: {seqno: 8, members: ["a"]}})},
    {},
    "withdraw",
  ],
  [
    "an operator's word frees from it",
    {a: promiseOf("b"), c: held()},
    {force: {id: "f", without: ["b"], view: 0, turn: 1}},
    "withdraw",
  ],
  [
    "an operator's word is enough for one",
    {a: held()},
    {force: {id: "f", without: ["b", "c"], view: 0, turn: 1}},
    "start",
  ],
] satisfies [string, Standings, Partial<Scene>, string][])
  test(what, t => {
    t.is(told(standings, more), expected);
  });

const safe = (standings: Standings, arbitrators: string[] = []): boolean =>
  assess(standings, everybody(arbitrators), null).safe;
const of = (...members: string[]) => held({view: {seqno: 5, members}});

test("safe are all with data, or so many that crashed that the missing cannot be a majority with one evicted", t => {
  const five = of("a", "b", "c", "d", "e");
  t.true(safe({a: five, b: five, c: five}));
  t.false(safe({a: five, b: five}));
  t.false(safe({a: five, b: five, c: {...five, crashed: false}}));
  t.false(safe({a: of("a", "b")}));
  t.true(safe({a: of("a", "b"), b: of("a", "b")}));
  // An arbitrator has no data; with a member it may have gone on.
  t.true(safe({a: of("a", "b", "g"), b: of("a", "b", "g")}, ["g"]));
  t.false(safe({a: of("a", "b", "g")}, ["g"]));
  t.true(safe({a: of("a", "g")}, ["g"]));
});

test("who was receiving all data is not waited for, and its vote counts", t => {
  const four = of("a", "b", "c", "d");
  const receiving = held({...empty, receiving: true});
  t.true(safe({a: four, b: four, c: receiving, d: four}));
  // c and d may have been a majority of the four, with a or b evicted.
  t.false(safe({a: four, b: four, c: receiving}));
  t.true(safe({a: of("a", "c"), c: receiving}));
});

test("one that only heard of a later component asks for that one's members", t => {
  const later = {seqno: 9, members: ["c", "d"]};
  const found = assess({a: held({seen: later}), b: held(), c: held()}, everybody(), null);
  t.deepEqual([found.safe, found.missing, found.view], [false, ["d"], later]);
});

test("one that was in a later component than it can name needs everybody, or more than could have gone on with it", t => {
  const alone = {seqno: 3, members: ["a"]};
  const beyond = held({view: alone, crashed: false, beyond: true});
  const found = assess({a: beyond}, everybody(), null);
  t.deepEqual([found.safe, found.missing], [false, ["b", "c"]]);
  t.regex(found.why, /waits for b and c: the last component \(a\) was not the last, and who was in the one after it/);
  t.true(assess({a: beyond, b: held({view: alone}), c: held({view: alone})}, everybody(), null).safe);
  t.true(
    assess({a: held({crashed: false, beyond: true}), b: held(), c: held()}, everybody([], ["a", "b", "c", "d"]), null)
      .safe,
  );
  t.false(
    assess(
      {a: held({crashed: false, beyond: true}), b: held(), c: held({crashed: false})},
      everybody([], ["a", "b", "c", "d"]),
      null,
    ).safe,
  );
  t.true(assess({a: beyond}, everybody(), {id: "f", without: ["b", "c"], view: 3, turn: 1}).safe);
});

test("who is ahead of a recovery, as its watcher says, is not counted", t => {
  const found = assess(
    {a: held(), b: held(), c: held({ahead: true, seqno: 99, view: {seqno: 50, members: ["c"]}})},
    everybody(),
    null,
  );
  t.deepEqual([found.candidate, found.missing, found.safe], ["a", ["c"], true]);
});

test("any two sets that suffice have a member in common", t => {
  const names = ["a", "b", "c", "d", "e"];
  const standings = Object.fromEntries(names.map(n => [n, of(...names)]));
  const found = assess(standings, everybody(), null);
  const sets = Array.from({length: 32}, (_, mask) => names.filter((_, i) => mask & (1 << i)));
  const enough = sets.filter(set => suffices(found, set, standings, everybody(), null));
  t.is(enough.length, 16);
  for (const one of enough) for (const other of enough) t.true(one.some(n => other.includes(n)));
});

const says = (standing: RecoveryMessage["standing"]): RecoveryMessage => ({
  standing,
  cluster: null,
  recoveries: [],
  force: null,
});

test("patience is anew for each time that a member waits", t => {
  const peers = ["b", "c"].map(name => ({name, holdsData: true}));
  const recovery = new Recovery("a", peers);
  const meets = (now: number) => {
    recovery.told("b", says(promiseOf("a")), false, now);
    return recovery.held(held(), now).do;
  };
  t.is(meets(0), "wait");
  t.is(meets(1000), "wait");
  t.is(meets(100_000), "wait");
  for (let now = 101_000; now < 115_000; now += 1000) t.is(meets(now), "wait");
  t.is(meets(115_000), "start");
});
