import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check} from "./checker.ts";
import {someOrderExplains} from "./judge.ts";

const runs = Number(process.env.HOLDFAST_RUNS ?? 4000);

interface Given {
  counter: number;
  outcome: Outcome;
  landed: boolean;
  /** What it read, where that is not what was there. */
  wrong?: number;
}

const increments = fc.array(
  fc.record({
    counter: fc.nat(1),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
    wrong: fc.option(fc.nat(4), {nil: undefined, freq: 8}),
  }),
  {maxLength: 7},
);

/** Increments one after the other, some of which read something else than what was there; the final read is right, off
 *  by something, or left out. */
function historyOf(given: readonly Given[], off: readonly number[] | undefined): History {
  const counters = [0, 0];
  const operations = given.map(({counter, outcome, landed, wrong}, i): Operation => {
    const read = wrong ?? counters[counter]!;
    if (outcome === "ok" || (outcome === "unknown" && landed)) counters[counter] = read + 1;
    return {client: i % 3, kind: "increment", due: i, sent: i, done: i + 1, outcome, data: {counter, read}};
  });
  const finalRead = off && counters.map((stands, i) => Math.max(0, stands + off[i]!));
  return {workload: "for-update", clients: 3, operations, finalRead};
}

const finals = fc.constantFrom(undefined, [0, 0], [0, 0], [0, 0], [0, 1], [0, -1], [2, 0]);

test("the checker passes what some order of increments explains, and nothing else", t => {
  const seen = {explained: 0, not: 0};
  fc.assert(
    fc.property(increments, finals, (given, off) => {
      const history = historyOf(given, off);
      const explained = someOrderExplains(history);
      seen[explained ? "explained" : "not"]++;
      const {findings, lost = 0} = check(history);
      return (findings.length === 0 && lost === 0) === explained;
    }),
    {numRuns: runs},
  );
  t.true(seen.explained > runs / 10 && seen.not > runs / 10, JSON.stringify(seen));
});
