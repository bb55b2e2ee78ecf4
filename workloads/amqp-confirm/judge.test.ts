import test from "ava";
import fc from "fast-check";
import type {Delivery} from "../../lib/analysis/order.ts";
import type {History, Operation, Outcome} from "../../lib/history.ts";
import {check} from "./checker.ts";
import {showDelivery} from "./deliveries.ts";
import {queueAllows} from "./judge.ts";

const runs = Number(process.env.HOLDFAST_RUNS ?? 4000);

const messages = fc.array(
  fc.record({
    client: fc.nat(1),
    outcome: fc.constantFrom<Outcome>("ok", "ok", "ok", "ok", "failed", "unknown"),
    landed: fc.boolean(),
    /** The publisher connects anew before it. */
    anew: fc.constantFrom(false, false, false, true),
  }),
  {maxLength: 8},
);
type Message = {client: number; outcome: Outcome; landed: boolean; anew: boolean};

/** One change of what was delivered: at a place, to another place. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom("move", "move", "move", "again", "redelivered", "reconnected", "gone", "of nobody"),
    at: fc.nat(20),
    to: fc.nat(20),
  }),
  {maxLength: 5},
);
type Change = {kind: string; at: number; to: number};

function published(given: readonly Message[]): Operation[] {
  const [next, links] = [
    [0, 0],
    [1, 1],
  ];
  return given.map(({client, outcome, anew}, at): Operation => {
    if (anew) links[client]!++;
    const value = `${client}-${next[client]!++}`;
    const data = outcome === "ok" ? {data: {link: links[client]!}} : {};
    return {client, kind: "publish", due: at, sent: at, done: at + 1, outcome, value, ...data};
  });
}

function delivered(given: readonly Message[], publishes: readonly Operation[], wanted: readonly Change[]): Delivery[] {
  const there = publishes.filter((o, i) => o.outcome === "ok" || given[i]!.landed);
  let all = there.map((o): Delivery => ({value: String(o.value), link: 1, redelivered: false}));
  for (const {kind, at, to} of wanted) {
    if (kind === "of nobody")
      all = all.toSpliced(to % (all.length + 1), 0, {value: "2-0", link: 1, redelivered: false});
    if (all.length === 0) continue;
    const [from, one] = [at % all.length, all[at % all.length]!];
    const put = (list: Delivery[], what: Delivery) => list.toSpliced(to % (list.length + 1), 0, what);
    if (kind === "move") all = put(all.toSpliced(from, 1), one);
    else if (kind === "again") all = put(all, {...one, redelivered: true});
    else if (kind === "redelivered") all = all.with(from, {...one, redelivered: true});
    else if (kind === "reconnected") all = all.map((d, i) => (i < from ? d : {...d, link: d.link + 1}));
    else if (kind === "gone") all = all.toSpliced(from, 1);
  }
  return all;
}

test("the checker passes what a queue may do, and nothing else", t => {
  const count = {allowed: 0, not: 0};
  fc.assert(
    fc.property(messages, changes, (given, wanted) => {
      const publishes = published(given);
      const deliveries = delivered(given, publishes, wanted);
      const finalRead = deliveries.map(showDelivery);
      const history: History = {workload: "amqp-confirm", clients: 2, operations: publishes, finalRead};
      const allowed = queueAllows(publishes, deliveries);
      count[allowed ? "allowed" : "not"]++;
      const {findings, lost, duplicates} = check(history);
      if (duplicates !== deliveries.length - new Set(finalRead.map(text => text.replace(/@\d+|r/g, ""))).size)
        return false;
      return (findings.length === 0 && lost === 0) === allowed;
    }),
    {numRuns: runs},
  );
  t.true(count.allowed > runs / 10 && count.not > runs / 10, JSON.stringify(count));
});
