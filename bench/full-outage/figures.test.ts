import test from "ava";
import type {Result} from "../../lib/result.ts";
import {fullOutageTable, outageOf} from "./figures.ts";

const load = (outages: [from: number, to: number][], more = {}) =>
  ({
    acknowledged: 100,
    outages: outages.map(([from, to], client) => ({client, from, to, ms: to - from, errors: {}})),
    ...more,
  }) as Result["workloads"][string];

test("served again: when the last client is, from the return of the first member on", t => {
  const result = {
    verdict: "pass",
    reasons: [],
    recoveredMs: 21_000,
    faults: [{healing: 10_000}],
    // What was over before the return, and what came later, is another outage.
    workloads: {
      rows: load(
        [
          [1000, 2000],
          [5000, 24_000],
          [5100, 25_500],
          [40_000, 41_000],
        ],
        {lost: 1},
      ),
      never: load([[5000, 9000]]),
    },
  } as unknown as Result;
  t.deepEqual(outageOf(result), {
    verdict: "pass",
    reasons: [],
    servedAgainMs: {rows: 15_500},
    recoveredMs: 21_000,
    acknowledged: 200,
    lost: 1,
  });
});

test("the table has least, median and most, and tells what did not pass", t => {
  const run = (seed: number, rows?: number) => ({
    ...{seed, began: "", reasons: rows ? [] : ["It never came back."], acknowledged: 10, lost: 0},
    verdict: rows ? ("pass" as const) : ("fail" as const),
    servedAgainMs: (rows ? {rows} : {}) as Record<string, number>,
  });
  const about = {
    version: 1,
    bench: "full-outage",
    began: "",
    ended: "2026-11-29",
    commit: "abc",
    overMs: 6000,
  } as const;
  const machine = {cores: 2, memoryMiB: 8000};
  const table = fullOutageTable({...about, machine, runs: [run(1, 12_000), run(2, 18_000), run(3, 13_000), run(4)]});
  t.regex(table, /\| rows served again +\| +3 \| +12\.0 s \| +13\.0 s \| +18\.0 s \|/);
  t.regex(table, /3 of 4 runs passed; 0 of 40 acknowledged operations were lost\./);
  t.regex(table, /- seed 4: fail\. It never came back\./);
});
