import test from "ava";
import fc from "fast-check";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check} from "./checker.ts";
import {someChoiceExplains} from "./judge.ts";

const runs = Number(process.env.HOLDFAST_RUNS ?? 4000);

/** What a client does next: how long after its last operation, how long it takes, and when in that time the server does
 *  it. */
const steps = fc.array(
  fc.record({
    client: fc.nat(1),
    reads: fc.boolean(),
    register: fc.nat(1),
    pause: fc.nat(4),
    takes: fc.integer({min: 1, max: 6}),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
    /** A read finds what was there so many versions ago; or one of the numbers from -1 to 9, whoever wrote it. */
    old: fc.constantFrom(0, 0, 0, 0, 1, 2),
    wild: fc.option(fc.integer({min: -1, max: 9}), {nil: undefined, freq: 12}),
  }),
  {maxLength: 10},
);
type Step = Parameters<Parameters<typeof steps.map>[0]>[0][number];

/** Two clients side by side, each one operation after the other; the server does each at its end, what is unknown
 *  too. */
function historyOf(given: readonly Step[], sync: boolean, off: readonly number[] | undefined): History {
  const free = [0, 0];
  let n = 0;
  const planned = given.map(step => {
    const sent = (free[step.client]! += step.pause);
    const done = (free[step.client]! += step.takes);
    return {...step, sent, done, value: n++};
  });
  const versions = [[-1], [-1]];
  const operations = planned
    .sort((a, b) => a.done - b.done)
    .map(({client, reads, register, sent, done, outcome, landed, old, wild, value}): Operation => {
      const times = {client, due: sent, sent, done, outcome};
      if (reads) {
        const known = versions[register]!;
        const read = wild ?? known[Math.max(0, known.length - 1 - old)]!;
        return {...times, kind: "read", ...(outcome === "ok" ? {data: {register, value: read}} : {outcome: "failed"})};
      }
      const there = versions[client]!;
      if ((outcome === "ok" || (outcome === "unknown" && landed)) && value > there.at(-1)!) there.push(value);
      return {...times, kind: "write", data: {register: client, value}};
    });
  const finalRead = off && versions.map((all, i) => all.at(-1)! + off[i]!);
  return {workload: "register", clients: 2, operations, options: {sync}, finalRead};
}

const finals = fc.constantFrom(undefined, [0, 0], [0, 0], [0, 0], [0, 0], [-1, 0], [0, 1], [0, 2]);

test("the checker passes what some choice of unknown writes explains, and nothing else", t => {
  const count = {explained: 0, not: 0};
  fc.assert(
    fc.property(steps, fc.boolean(), finals, (given, sync, off) => {
      const history = historyOf(given, sync, off);
      const explained = someChoiceExplains(history);
      count[explained ? "explained" : "not"]++;
      const {findings, lost = 0} = check(history);
      return (findings.length === 0 && lost === 0) === explained;
    }),
    {numRuns: runs},
  );
  t.true(count.explained > runs / 10 && count.not > runs / 10, JSON.stringify(count));
});
