import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import test from "ava";
import {Recovery} from "./recovery.ts";
import {type Faults, Simulation} from "./simulation.ts";

/** Each rule is taken out of a copy of the code, and a story that the rule is there for goes wrong. A rule that is
 *  worded anew is to be worded anew here. */
type Story = (
  make: (size?: number, more?: {remerges?: boolean; arbitrator?: boolean}) => Simulation,
) => string | undefined;

const dir = mkdtempSync(join(tmpdir(), "holdfast-mutants-"));
test.after.always(() => rmSync(dir, {recursive: true}));
let count = 0;

async function without(file: string, rule: string, instead: string): Promise<typeof Recovery> {
  const copy = join(dir, `${count++}`);
  for (const name of readdirSync(import.meta.dirname).filter(n =>
    /^(standing|assess|verdict|ending|recovery)\.ts$/.test(n),
  ))
    cpSync(join(import.meta.dirname, name), join(copy, name));
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  if (text.split(rule).length !== 2) throw new Error(`${file} does not have once: ${rule}`);
  writeFileSync(
    path,
    text.replace(rule, () => instead),
  );
  const mutant = (await import(pathToFileURL(join(copy, "recovery.ts")).href)) as {Recovery: typeof Recovery};
  return mutant.Recovery;
}

const goesWrong = (story: Story, Kind: typeof Recovery, faults: Faults = {}): string | undefined =>
  story(
    (size = 3, more = {}) =>
      new Simulation(size, {...more, faults: {watcher: (me, peers) => new Kind(me, peers), ...faults}}),
  );

/** All die in one instant, and some do not come back. */
function dieAll(world: Simulation, ...stay: number[]): void {
  for (const i of stay) world.stay(world.nodes[i]!, true);
  world.crash(world.nodes);
}
function comeBack(world: Simulation, ...who: number[]): void {
  for (const i of who) {
    world.stay(world.nodes[i]!, false);
    world.start(world.nodes[i]!);
  }
}
function stop(world: Simulation, i: number, killed = false): void {
  world.stay(world.nodes[i]!, true);
  world.stop(world.nodes[i]!, killed);
}
/** After so many steps nobody believes any more what was heard last. */
const forgotten = 8;
/** What is wrong at the end, when all are there and everything is healed. */
function atTheEnd(world: Simulation): string | undefined {
  world.heal();
  const back = world.until(() => world.whole());
  return world.group.violation ?? (back ? undefined : `not back: ${world.describe()}`);
}

/** m1 promised, m0 starts and is cut off; m1 is started again, and m2 is back. */
const promised: Story = make => {
  const world = make();
  dieAll(world, 2);
  world.until(() => world.nodes[0]!.process === "starting");
  world.split(1);
  world.stay(world.nodes[1]!, true);
  world.crash([world.nodes[1]!]);
  world.steps(forgotten);
  comeBack(world, 1, 2);
  world.steps(80);
  return atTheEnd(world);
};

/** m1 promised m0, which started. Long after that m0 is gone in good order, and m1 and m2 die. */
const settled: Story = make => {
  const world = make();
  dieAll(world, 2);
  world.until(() => world.nodes[0]!.primary);
  world.nodes[1]!.disk.promise ??= null;
  const kept = structuredClone(world.nodes[1]!.disk);
  comeBack(world, 2);
  world.until(() => world.whole());
  Object.assign(world.nodes[1]!.disk, {promise: kept.promise, seen: kept.seen});
  stop(world, 0);
  world.step();
  Object.assign(world.nodes[1]!.disk, {promise: kept.promise, seen: kept.seen});
  world.crash(world.nodes.slice(1));
  return world.until(() => world.nodes[1]!.primary && world.nodes[2]!.primary) ? undefined : world.describe();
};

/** m2 acknowledged something last that is on no other disk, and comes back 6 s after the others. */
const late: Story = make => {
  const world = make();
  world.group.commit(world.nodes[2]!);
  dieAll(world, 2);
  world.steps(20);
  comeBack(world, 2);
  world.until(() => world.whole());
  return world.group.lost.size > 0 ? "what m2 acknowledged is lost though it came back" : world.group.violation;
};

/** A component of two dies, and each is alone. */
const twoOfTwo: Story = make => {
  const world = make();
  stop(world, 2);
  world.step();
  dieAll(world, 0, 1, 2);
  world.split(1);
  world.steps(forgotten);
  comeBack(world, 0, 1);
  world.steps(80);
  return atTheEnd(world);
};

/** m1 leaves, and m2, which had not noticed, as well; m0 goes on alone and is not heard when the two come back. */
const leftAlone: Story = make => {
  const world = make();
  stop(world, 1);
  stop(world, 2, true);
  world.group.apply();
  world.group.commit(world.nodes[0]!);
  world.split(1);
  world.steps(forgotten);
  comeBack(world, 1, 2);
  world.steps(80);
  return atTheEnd(world);
};

/** A volume of another cluster is put beneath m2. `alone`: nobody else is there. */
const foreignVolume =
  (alone: boolean): Story =>
  make => {
    const world = make();
    dieAll(world, 0, 1, 2);
    world.volume(2, "foreign");
    comeBack(world, ...(alone ? [2] : [0, 1, 2]));
    world.steps(80);
    if (world.starts.some(s => s.name === "m2")) return "data of another cluster starts this one";
    if (!alone && !world.nodes[1]!.primary) return `not back: ${world.describe()}`;
    return atTheEnd(world);
  };

/** m0 acknowledged what the others do not have; they go on without it. It comes back `beside` a member that is in no
 *  component, or when all are down. */
const ahead =
  (beside: boolean): Story =>
  make => {
    const world = make(3, {remerges: false});
    for (let i = 0; i < 9; i++) world.group.commit(world.nodes[0]!);
    dieAll(world, 0);
    world.until(() => world.nodes[1]!.primary && world.nodes[2]!.primary);
    world.group.commit(world.nodes[1]!);
    world.steps(2);
    if (beside) world.crash([world.nodes[1]!]);
    else dieAll(world);
    comeBack(world, 0);
    return atTheEnd(world);
  };

/** m0 is cut off and acknowledged what the others, which die, did not have on their disks. They go on without it, and
 *  it is heard again. */
const runsOn: Story = make => {
  const world = make();
  for (let i = 0; i < 9; i++) world.group.commit(world.nodes[0]!);
  world.split(1);
  for (const i of [1, 2]) world.stay(world.nodes[i]!, true);
  world.crash(world.nodes.slice(1));
  world.steps(forgotten);
  comeBack(world, 1, 2);
  world.until(() => world.nodes[1]!.primary && world.nodes[2]!.primary);
  for (let i = 0; i < 20; i++) world.group.commit(world.nodes[1]!);
  world.steps(2);
  return atTheEnd(world);
};

/** Who starts takes its time. */
const slow: Story = make => {
  const world = make();
  world.startMs = 8000;
  dieAll(world);
  return atTheEnd(world);
};

/** m1 is to go on without m0, which acknowledged what the others do not have, and dies before it has. All are back, and
 *  m0 is heard before it hears of that. */
const promisedToFenced: Story = make => {
  const world = make(3, {remerges: false});
  const {nodes} = world;
  world.startMs = 6000;
  world.group.commit(nodes[0]!);
  dieAll(world, 0, 1, 2);
  comeBack(world, 1, 2);
  world.step();
  world.split(0b110);
  world.steps(60);
  stop(world, 1);
  comeBack(world, 0, 1, 2);
  world.steps(2);
  return atTheEnd(world);
};

/** m2, which has what the others never had, comes back in the moment in which all watchers are started anew. */
const unknowing: Story = make => {
  const world = make(3, {remerges: false});
  world.group.commit(world.nodes[2]!);
  dieAll(world, 2);
  world.steps(60);
  for (const i of [0, 1, 2]) world.startWatcher(i);
  comeBack(world, 2);
  world.step();
  world.group.commit(world.nodes[0]!);
  return atTheEnd(world);
};

for (const [what, file, rule, instead, story] of [
  ["a promise to one that is fenced is void", "verdict.ts", " || one.ahead", "", promisedToFenced],
  [
    "nobody joins before a watcher knows what its disk has",
    "verdict.ts",
    "if (!primaries.some(p => p.knows))",
    "if (false)",
    unknowing,
  ],
  ["patience", "recovery.ts", "missing.length === 0 || waited >= this.#rules.missingMs", "true", late],
  [
    "u + 1 <= s, made u <= s",
    "assess.ts",
    "gone.length + beyond.length + 1 <= stayed.length",
    "gone.length + beyond.length <= stayed.length",
    twoOfTwo,
  ],
  [
    "s are those that crashed, made any majority",
    "assess.ts",
    "return one?.crashed === true && one.view?.seqno === view.seqno;",
    "return one !== undefined;",
    leftAlone,
  ],
  [
    "home proves",
    "assess.ts",
    'const proven = own.filter(([, h]) => h.home === "ours");',
    "const proven = own;",
    foreignVolume(false),
  ],
  [
    "nothing is started that is not proven",
    "assess.ts",
    "if (proven.length === 0 && !forced) {",
    "if (false) {",
    foreignVolume(true),
  ],
  [
    "who is ahead is fenced beside one that is in no component",
    "verdict.ts",
    'if (ahead) return {do: "fenced", why: ahead};',
    "",
    ahead(true),
  ],
  [
    "who is ahead is fenced where nobody runs",
    "verdict.ts",
    'if (ahead) return {do: "fenced", why: ahead};',
    "",
    ahead(false),
  ],
  ["who is alone is ended", "ending.ts", 'if (mine.stranded === "old" && (all', "if (false && (all", runsOn],
  ["who starts is not ended", "ending.ts", 'if (!mine.answers && began !== "join") return undefined;', "", slow],
  [
    "a promise is settled by a later component",
    "verdict.ts",
    "if (view && seen && view.seqno > seen.seqno) return undefined;",
    "",
    settled,
  ],
] as const)
  test(`taken out: ${what}`, async t => {
    t.is(goesWrong(story, Recovery), undefined);
    const wrong = goesWrong(story, await without(file, rule, instead));
    t.truthy(wrong);
    t.log(wrong);
  });

/** Of five, two die; a third is in the component of the rest, and dies before its database recorded that. The last two
 *  go on as a majority of three, and are not heard. */
const unrecorded: Story = make => {
  const world = make(5);
  stop(world, 3, true);
  stop(world, 4, true);
  for (const i of [3, 4]) world.nodes[i]!.disk.gvw = world.nodes[0]!.disk.gvw;
  world.nodes[2]!.lags = true;
  world.group.regroup();
  world.stay(world.nodes[2]!, true);
  world.crash([world.nodes[2]!]);
  world.nodes[2]!.lags = false;
  world.step();
  world.group.commit(world.nodes[0]!);
  world.split(0b11);
  world.steps(forgotten);
  comeBack(world, 2, 3, 4);
  world.steps(80);
  return atTheEnd(world);
};

test("taken out: Galera's own file of the component is held against what the database recorded", t => {
  t.is(goesWrong(unrecorded, Recovery), undefined);
  const says: Faults["says"] = held => ({...held, crashed: held.view !== null, beyond: false});
  t.regex(goesWrong(unrecorded, Recovery, {says}) ?? "", /two primary components|is missing/);
});

/** One starts the cluster alone, two join it, and it dies with them before its database recorded that they did. It asks
 *  first when all come back. */
const joined: Story = make => {
  const world = make(3, {remerges: false});
  world.group.commit(world.nodes[1]!);
  world.crash(world.nodes);
  world.steps(8);
  world.nodes[1]!.lags = true;
  world.steps(8);
  world.crash(world.nodes);
  world.nodes[1]!.lags = false;
  world.step();
  world.start(world.nodes[0]!);
  world.steps(80);
  return atTheEnd(world);
};

test("taken out: who was in a later component than it can name does not start alone", t => {
  t.is(goesWrong(joined, Recovery), undefined);
  const says: Faults["says"] = held => ({...held, beyond: false});
  t.regex(goesWrong(joined, Recovery, {says}) ?? "", /another history/);
});

/** All leave in one instant but the last, which dies before its database recorded that it was alone; it is told of one
 *  that was in a primary component a moment before. */
const restored: Story = make => {
  const world = make(3, {remerges: true});
  stop(world, 0);
  world.stay(world.nodes[0]!, false);
  stop(world, 1);
  world.stay(world.nodes[1]!, false);
  world.split(0b110);
  world.crash([world.nodes[1]!, world.nodes[2]!]);
  world.steps(60);
  world.split(0);
  world.steps(20);
  return atTheEnd(world);
};

test("taken out: Galera restores no component of one by itself", t => {
  t.is(goesWrong(restored, Recovery), undefined);
  t.regex(goesWrong(restored, Recovery, {restoresView: true}) ?? "", /another history/);
});

/** m0 leaves and is cut off, m1 leaves, and the rest dies in the same instant, before anybody's database but m1's
 *  recorded that. They come back while m0's last word, from a moment before, still says that it serves. */
const restoredUnrecorded: Story = make => {
  const world = make(5);
  const {nodes} = world;
  stop(world, 0);
  world.split(1);
  world.stop(nodes[1]!);
  world.crash(nodes);
  world.steps(2);
  return atTheEnd(world);
};

test("taken out: Galera restores no component by itself that the database did not record", t => {
  t.is(goesWrong(restoredUnrecorded, Recovery), undefined);
  t.regex(goesWrong(restoredUnrecorded, Recovery, {restoresView: true}) ?? "", /another history/);
});

test("taken out: a promise is on the disk", t => {
  t.is(goesWrong(promised, Recovery), undefined);
  t.regex(goesWrong(promised, Recovery, {forgetsPromise: true}) ?? "", /two primary components/);
});

test("taken out: what was known of when a promise was made is on the disk, so a settled promise would bind for ever", t => {
  t.truthy(goesWrong(settled, Recovery, {forgetsSeen: true}));
});

/** Two die in the instant in which the third is lost for good, and believe for a moment that it is there. */
const lostBeside: Story = make => {
  const world = make();
  world.split(1);
  dieAll(world, 0);
  return world.until(() => world.nodes[1]!.primary && world.nodes[2]!.primary)
    ? world.group.violation
    : world.describe();
};

test("taken out: Galera's file is kept over a join that comes to nothing, so a majority is enough after it", t => {
  t.is(goesWrong(lostBeside, Recovery), undefined);
  t.regex(goesWrong(lostBeside, Recovery, {losesView: true}) ?? "", /may have gone on alone/);
});
