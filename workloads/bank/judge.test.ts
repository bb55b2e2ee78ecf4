import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check} from "./checker.ts";
import {someChoiceExplains} from "./judge.ts";

const runs = Number(process.env.HOLDFAST_RUNS ?? 4000);
const accounts = 4;
const balance = 10;

/** Something moved from one account to another in what a look, or the final read, found; `by` 0 makes money, `gone`
 *  leaves an account out. */
const mistake = fc.option(
  fc.record({
    at: fc.nat(accounts - 1),
    by: fc.nat(accounts - 1),
    amount: fc.integer({min: 1, max: 12}),
    gone: fc.nat(9),
  }),
  {nil: undefined, freq: 3},
);
type Mistake = {at: number; by: number; amount: number; gone: number} | undefined;

const moves = fc.array(
  fc.record({
    from: fc.nat(accounts - 1),
    by: fc.integer({min: 1, max: accounts - 1}),
    amount: fc.integer({min: 0, max: 5}),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "failed", "unknown", "unknown"),
    landed: fc.boolean(),
    look: fc.option(fc.option(mistake, {nil: undefined, freq: 2}), {nil: null, freq: 1}),
  }),
  {maxLength: 9},
);
type Move = {from: number; by: number; amount: number; outcome: Outcome; landed: boolean; look: Mistake | null};

function seen(held: readonly number[], wrong: Mistake): number[] {
  if (!wrong) return [...held];
  if (wrong.gone === 0) return held.slice(1);
  const to = (wrong.at + wrong.by) % accounts;
  const other = held.with(wrong.at, held[wrong.at]! - wrong.amount);
  return wrong.by === 0 ? other : other.with(to, other[to]! + wrong.amount);
}

function historyOf(given: readonly Move[], final: Mistake | null, overdraft: boolean): History {
  let held: number[] = Array(accounts).fill(balance);
  const operations: Operation[] = [];
  const add = (kind: string, outcome: Outcome, data: unknown) => {
    const at = operations.length;
    operations.push({client: at % 3, kind, due: at, sent: at, done: at + 1, outcome, data});
  };
  for (const {from, by, amount, outcome, landed, look} of given) {
    const to = (from + by) % accounts;
    if (outcome === "ok" || (outcome === "unknown" && landed)) {
      held = held.with(from, held[from]! - amount);
      held = held.with(to, held[to]! + amount);
    }
    add("transfer", outcome, {from, to, amount});
    if (look !== null) add("look", "ok", seen(held, look));
  }
  const options = {accounts, balance, overdraft};
  return {workload: "bank", clients: 3, operations, options, finalRead: final === null ? undefined : seen(held, final)};
}

test("the checker passes what some choice of unknown transfers explains, and nothing else", t => {
  const count = {explained: 0, not: 0};
  fc.assert(
    fc.property(moves, fc.option(mistake, {nil: null, freq: 6}), fc.boolean(), (given, final, overdraft) => {
      const history = historyOf(given, final, overdraft);
      const explained = someChoiceExplains(history);
      count[explained ? "explained" : "not"]++;
      return (check(history).findings.length === 0) === explained;
    }),
    {numRuns: runs},
  );
  t.true(count.explained > runs / 10 && count.not > runs / 10, JSON.stringify(count));
});
