import {stripVTControlCharacters} from "node:util";
import test from "ava";
import {noteThrough} from "../lib/output.ts";
import {healthIn, untilHealthy} from "./health.ts";
import {documentOf, HealthProgress, sumOfHealth, unhealthyText} from "./health-text.ts";
import type {StackStatus} from "./status.ts";

const row = (member: string, state = "ok", healthy = state === "ok") => ({
  component: "galera",
  member,
  zone: "a",
  healthy,
  state,
  roles: [],
  detail: {},
});
function status(rows: ReturnType<typeof row>[], alarms: string[] = []): StackStatus {
  return {stack: "lab/lab", healthy: alarms.length === 0 && rows.every(r => r.healthy), alarms, members: rows};
}
/** Gives one status after the other; the last one for ever. */
function looks(...all: StackStatus[]) {
  let i = 0;
  return async () => all[Math.min(i++, all.length - 1)]!;
}
const joining = status([row("g0"), row("g1", "joining")]);
const healthy = status([row("g0"), row("g1")]);

test("a stack that is healthy is not waited for, nor touched", async t => {
  const health = await untilHealthy({
    look: looks(healthy),
    limitMs: 60_000,
    recover: async () => t.fail(),
  });
  t.deepEqual(health, {healthy: true, members: 2, unhealthy: [], alarms: []});
});

test("it is looked again until every member is healthy, and what is down is brought back between two looks", async t => {
  let rounds = 0;
  const health = await untilHealthy({
    look: looks(joining, joining, healthy),
    limitMs: 60_000,
    everyMs: 1,
    recover: async () => void rounds++,
  });
  t.true(health.healthy);
  t.is(rounds, 2);
});

test("once the limit is over, who is not healthy is known with the state that it was last seen in", async t => {
  const worse = status([row("g0"), row("g1", "no primary component")]);
  const health = await untilHealthy({look: looks(joining, worse), limitMs: 500, everyMs: 5});
  t.false(health.healthy);
  t.deepEqual(health.unhealthy, [{component: "galera", member: "g1", state: "no primary component"}]);
});

test("a limit of 0 is one look", async t => {
  const health = await untilHealthy({look: looks(joining, healthy), limitMs: 0});
  t.false(health.healthy);
});

test("an alarm alone is not healthy", async t => {
  const alarm = "vip: nobody holds the address.";
  const health = healthIn(status([row("g0")], [alarm]));
  t.false(health.healthy);
  t.regex(sumOfHealth(health), /all 1 members are healthy each for itself/);
  t.regex(
    unhealthyText({...health, started: [], next: ["Type this."]}),
    /^ {2}vip: nobody holds the address\.\nType this\.$/,
  );
});

test("the message names the members, their states and what to type next", t => {
  const health = {...healthIn(joining), started: [], next: ["To see why: docker logs lab-g1"]};
  t.is(sumOfHealth(health), "1 of 2 members is not healthy");
  t.is(unhealthyText(health), "  g1: joining\nTo see why: docker logs lab-g1");
  const many = status(Array.from({length: 30}, (_, i) => row(`g${i}`, "down")));
  t.regex(unhealthyText({...health, ...healthIn(many)}), /g19: down\n {2}and 10 more\nTo see why/);
});

test("documents say it too, and what to type only where something is to be done", t => {
  const next = ["Type this."];
  t.deepEqual(documentOf({...healthIn(joining), started: ["lab-g1"], next}), {
    healthy: false,
    unhealthy: [{component: "galera", member: "g1", state: "joining"}],
    alarms: [],
    started: ["lab-g1"],
    next,
  });
  t.deepEqual(documentOf({...healthIn(healthy), started: [], next}).next, []);
});

/** What is told of these looks. */
function told(all: StackStatus[], screen = {}): string[] {
  const lines: string[] = [];
  noteThrough(line => lines.push(stripVTControlCharacters(line)));
  const progress = new HealthProgress(120_000, screen);
  for (const one of all) progress.tell(one);
  noteThrough(undefined);
  return lines;
}

test.serial("nothing is told of a stack that is healthy at once", t => t.deepEqual(told([healthy, healthy]), []));

test.serial("a line for each change, none for a figure that moves", t => {
  const at = (percent: number) => status([row("g0"), row("g1", `joining, ${percent} %`)]);
  t.deepEqual(told([at(1), at(2), at(60), status([row("g0"), row("g1", "donor")]), healthy]), [
    "holdfast: not every member is healthy; waiting 2 min at most",
    "  !   0 s  g1: joining, 1 %",
    "  !   0 s  g1: donor",
    "  ✓   0 s  g1: healthy",
  ]);
});

test.serial("one that was healthy and no longer is, is told", t => {
  t.regex(told([joining, status([row("g0", "down"), row("g1")])]).join("\n"), /g0: down\n.*g1: healthy/);
});

test.serial("40 columns are enough", t => {
  const long = status([row("galera-0", "no primary component of the cluster, and waits for galera-1 and galera-2")]);
  for (const line of told([long], {isTTY: true, columns: 40})) t.true(line.length < 40, line);
});
