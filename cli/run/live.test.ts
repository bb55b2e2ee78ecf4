import test from "ava";
import fc from "fast-check";
import {textWidth} from "../../lib/terminal.ts";
import type {Snapshot} from "../../runner/phases/progress.ts";
import {LiveBlock} from "./live-block.ts";
import {drawLive, type Live} from "./live-view.ts";
import {Rates, sparkline} from "./rates.ts";

const now = 1_000_000;
const member = (i: number, healthy: boolean) => ({
  member: `galera-${i}`,
  component: "galera",
  state: healthy ? "Synced" : "down (exit code 137)",
  healthy,
});
const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  loads: {
    rows: {ok: 2431, failed: 3, unknown: 4, lastAcknowledged: now - 1240},
    orders: {ok: 900, failed: 0, unknown: 0, lastAcknowledged: now - 12},
  },
  faults: [{fault: "kill", asked: "kill galera writer", members: ["galera-1"], injected: now - 3200}],
  members: [member(0, true), member(1, false), member(2, true)],
  ...change,
});

function live(change: Partial<Snapshot> = {}): Live {
  const rates = new Rates();
  for (let i = 0; i <= 10; i++)
    rates.add({rows: {ok: i * 100, failed: 0, unknown: 0}, orders: {ok: i * 50, failed: 0, unknown: 0}}, now + i * 500);
  return {scenario: "galera/writer-killed", phase: "fault", began: now - 12_400, snapshot: snapshot(change), rates};
}
const draw = (width: number, change: Partial<Snapshot> = {}) => drawLive(live(change), {width, colour: false, now});

test("phase, fault, workloads and members, at the width of a usual terminal", t => {
  t.deepEqual(draw(100), [
    "▶ galera/writer-killed · fault · 12.4 s",
    "▼ 3.2 s kill galera writer: galera-1",
    `  rows     200/s  ${"██████████".padStart(30)}  no answer for 1.2 s  2431 ok, 3 failed, 4 unknown`,
    `  orders   100/s  ${"██████████".padStart(30)}  answers  900 ok`,
    "  galera  ●✗●  galera-1 down (exit code 137)",
  ]);
});

test("no line is as wide as the screen, with colours or without", t => {
  for (let width = 40; width <= 140; width++) {
    for (const colour of [true, false]) {
      for (const line of drawLive(live(), {width, colour, now})) t.true(textWidth(line) < width, `${width}: ${line}`);
    }
  }
});

test("in a narrow window the state of a workload is kept, its figures go", t => {
  const line = draw(50).find(l => l.includes("rows"))!;
  t.regex(line, /200\/s.*no answer for 1\.2 s$/);
});

test("a fault that is over is told with the time since, many that are not are counted", t => {
  const [fault] = snapshot().faults;
  const healed = draw(100, {faults: [{...fault!, healed: now - 2100}]});
  t.is(healed[1], "▲ 2.1 s since it was healed: kill galera writer: galera-1");
  const many = draw(100, {faults: Array.from({length: 5}, () => fault!)});
  t.is(many.filter(l => l.startsWith("▼")).length, 3);
  t.true(many.includes("  and 2 more faults"));
  t.is(draw(100, {faults: []}).length, 4);
});

test("foreign words cannot steer the terminal", t => {
  const evil = "x\u001b[2J\r\ny";
  const [fault] = snapshot().faults;
  const lines = draw(100, {
    faults: [{...fault!, asked: evil}],
    members: [{...member(0, false), state: evil}],
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  t.notRegex(lines.join("\n"), /[\u0000-\u0009\u000b-\u001f]/);
});

test("before there is load, only the phase is drawn", t => {
  const lines = drawLive({...live(), snapshot: undefined, phase: undefined}, {width: 80, colour: false, now});
  t.deepEqual(lines, ["▶ galera/writer-killed · begin · 12.4 s"]);
});

test("rates are of the time that went by", t => {
  const rates = new Rates(3);
  const counts = (ok: number) => ({rows: {ok, failed: 0, unknown: 0}});
  rates.add(counts(0), 0);
  rates.add(counts(50), 100);
  rates.add(counts(100), 500);
  rates.add(counts(100), 1500);
  t.deepEqual(rates.of("rows"), [200, 0]);
  t.is(rates.now("rows"), 100);
  for (let i = 2; i < 20; i++) rates.add(counts(i * 100), i * 1000);
  t.is(rates.of("rows").length, 3);
  t.is(rates.now("none"), 0);
});

test("a sparkline: highest full, nothing empty, never wider than asked", t => {
  t.is(sparkline([0, 1, 4, 8], 10), " ▁▄█");
  t.is(sparkline([1, 2, 3], 2).length, 2);
  t.is(sparkline([1], -3), "");
  fc.assert(
    fc.property(
      fc.array(fc.double({min: 0, max: 1e6, noNaN: true})),
      fc.integer({min: 0, max: 50}),
      (values, width) => {
        t.is(sparkline(values, width).length, Math.min(values.length, width));
      },
    ),
  );
});

/** A terminal as far as the block uses it: lines, and the cursor below the last one. */
class Screen {
  columns = 20;
  rows = 10;
  lines: string[] = [];
  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the one sequence that the block uses
    const erase = /^\u001b\[(\d+)A\r\u001b\[J/.exec(text);
    if (erase) this.lines.splice(this.lines.length - Number(erase[1]));
    const rest = text.slice(erase?.[0].length ?? 0);
    for (const line of rest.split("\n").slice(0, -1))
      for (let at = 0; at === 0 || at < line.length; at += this.columns)
        this.lines.push(line.slice(at, at + this.columns));
  }
}

test("a block is drawn anew in place, and lines go above it", t => {
  const screen = new Screen();
  const block = new LiveBlock(screen);
  block.above("first");
  block.draw(["a", "b", "c"]);
  block.above("second");
  block.draw(["d"]);
  t.deepEqual(screen.lines, ["first", "second", "d"]);
  block.above("a line that is longer than the screen is wide");
  block.clear();
  t.deepEqual(screen.lines, ["first", "second", "a line that is longe", "r than the screen is", " wide"]);
});

test("a window that becomes narrower or has few rows is not littered", t => {
  const screen = new Screen();
  const block = new LiveBlock(screen);
  block.draw(["x".repeat(18)]);
  // The terminal itself breaks the line that it shows.
  screen.columns = 10;
  screen.lines = ["x".repeat(10), "x".repeat(8)];
  block.draw(["short"]);
  t.deepEqual(screen.lines, ["short"]);
  screen.rows = 4;
  block.draw(["1", "2", "3", "4", "5"]);
  t.deepEqual(screen.lines, ["1", "2", "3"]);
});
