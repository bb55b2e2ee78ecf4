import test from "ava";
import {daysLeft, isLate, newLife, timeText} from "./life.ts";

const day = 86_400_000;
const at = (days: number) => new Date(Date.UTC(2030, 0, 1) + days * day);

test("a new certificate begins five minutes before it is made", t => {
  const life = newLife(new Date("2030-01-01T00:00:00.750Z"), 90);
  t.deepEqual([life.notBefore, life.notAfter].map(timeText), ["2029-12-31T23:55:00Z", "2030-04-01T00:00:00Z"]);
});

test("it never leaves the life of its authority", t => {
  const within = {notBefore: at(0), notAfter: at(10)};
  t.deepEqual(newLife(at(0), 90, within), within);
  t.deepEqual(newLife(at(1), 2, within).notAfter, at(3));
});

for (const [left, renewBefore, late] of [
  [31, undefined, false],
  [30, undefined, true],
  [0, undefined, true],
  [-5, undefined, true],
  [30, 10, false],
  [10, 10, true],
  [45, 89, true],
  // One that a command signed for less than was asked keeps the rule of the third.
  [45, 90, false],
  [30, 200, true],
] as const) {
  test(`with ${left} of 90 days left, renewed before ${renewBefore ?? "a third"}: ${late}`, t => {
    const life = {notBefore: at(0), notAfter: at(90)};
    t.is(isLate(life, at(90 - left), renewBefore), late);
    t.is(daysLeft(life, at(90 - left)), left);
  });
}

test("the second before the last third is not late yet", t => {
  const life = {notBefore: at(0), notAfter: at(90)};
  t.false(isLate(life, new Date(at(60).getTime() - 1000)));
  t.true(isLate(life, at(60)));
});
