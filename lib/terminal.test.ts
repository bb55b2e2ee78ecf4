import test from "ava";
import {colourful, cut, paint, printable, screenWidth, table, textWidth, wrap} from "./terminal.ts";

test("colours only on a terminal that wants them", t => {
  t.true(colourful({isTTY: true}, {}));
  t.false(colourful({}, {}));
  t.false(colourful({isTTY: true}, {NO_COLOR: "1"}));
  t.false(colourful({isTTY: true}, {TERM: "dumb"}));
  t.true(colourful({}, {FORCE_COLOR: "1"}));
  t.false(colourful({isTTY: true}, {FORCE_COLOR: "0"}));
  t.is(paint("bad", "x", false), "x");
  t.is(textWidth(paint("bad", "xyz", true)), 3);
});

test("width of a log without terminal", t => {
  t.is(screenWidth({}), 100);
  t.is(screenWidth({columns: 12}), 40);
});

test("foreign text cannot steer the terminal", t => {
  t.is(printable("a\u001b[31mb\u001b]0;title\u0007c\r\nd\u202ee"), "abc d e");
});

test("cut and wrap", t => {
  t.is(cut("abcdef", 4), "abc…");
  t.is(cut("abcd", 4), "abcd");
  t.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  t.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  t.deepEqual(wrap("", 4), [""]);
});

const columns = [
  {title: "member", fixed: true},
  {title: "state"},
  {title: "ms", align: "right" as const},
  {title: "zone", optional: true},
];

test("an aligned table", t => {
  const rows = [
    ["galera-0", "Synced", "7", "a"],
    ["g-1", "Joining: waits for a donor", "1200", "b"],
  ];
  t.is(
    table(rows, {columns, width: 80, colour: false}),
    [
      "member    state                         ms  zone",
      "galera-0  Synced                         7  a",
      "g-1       Joining: waits for a donor  1200  b",
    ].join("\n"),
  );
  t.is(
    table(rows, {columns, width: 28, colour: false, indent: 2}),
    ["  member    state         ms", "  galera-0  Synced         7", "  g-1       Joining:…   1200"].join("\n"),
  );
});

test("no line is wider than asked, at any width", t => {
  const rows = [["a".repeat(30), "b".repeat(50), "1", "c".repeat(20)]];
  for (let width = 12; width < 120; width++) {
    for (const line of table(rows, {columns, width}).split("\n")) t.true(textWidth(line) <= width);
  }
});
