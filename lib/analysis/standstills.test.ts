import test from "ava";
import fc from "fast-check";
import {type Standstill, standingMs} from "./standstills.ts";

const still = (from: number, to: number, of: Standstill["of"] = "disk"): Standstill => ({of, from, to});

const rows: [what: string, standstills: Standstill[], ms: number][] = [
  ["none", [], 0],
  ["one within", [still(120, 150)], 30],
  ["before and after", [still(0, 100), still(200, 300)], 0],
  ["over both ends", [still(50, 250)], 100],
  ["over the begin", [still(50, 130)], 30],
  ["disk and processor at the same time count once", [still(120, 160), still(140, 180, "processor")], 60],
  ["one in the other", [still(110, 190), still(120, 130, "processor")], 80],
  ["two apart, in any order", [still(160, 170), still(120, 130)], 20],
];
for (const [what, standstills, ms] of rows)
  test(`how much of 100 to 200 the machine stood still: ${what}`, t => {
    t.is(standingMs({from: 100, to: 200}, standstills), ms);
  });

test("what is counted milliseconds by milliseconds comes to the same", t => {
  const standstill = fc.tuple(fc.nat(60), fc.nat(30)).map(([from, ms]) => still(from, from + ms));
  fc.assert(
    fc.property(fc.array(standstill, {maxLength: 6}), fc.nat(40), fc.nat(40), (standstills, from, ms) => {
      const one = (at: number) => standstills.some(s => s.from <= at && at < s.to);
      const counted = Array.from({length: ms}, (_, i) => from + i).filter(one).length;
      return standingMs({from, to: from + ms}, standstills) === counted;
    }),
  );
  t.pass();
});
