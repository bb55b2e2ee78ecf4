import test from "ava";
import fc from "fast-check";
import type {Operation, Outcome} from "../history.ts";
import {outagesOf} from "./outages.ts";

const op = (client: number, done: number, outcome: Outcome = "ok", error?: string): Operation => ({
  client,
  kind: "w",
  due: done - 1,
  sent: done - 1,
  done,
  outcome,
  error,
});
/** Acknowledgements every 10 ms. */
const steady = (client: number, from: number, to: number) =>
  Array.from({length: Math.floor((to - from) / 10)}, (_, i) => op(client, from + 10 * (i + 1)));
const facts = {clients: 1, rate: 100, from: 0, to: 2000};

test("a steady load has no outage", t => {
  const {longestOutageMs, outages} = outagesOf(steady(0, 0, 2000), facts);
  t.is(longestOutageMs, 10);
  t.deepEqual(outages, []);
});

test("a gap in the middle is an outage with its errors", t => {
  const failures = [
    op(0, 700, "unknown", "ECONNRESET"),
    op(0, 800, "failed", "ECONNREFUSED"),
    op(0, 900, "failed", "ECONNREFUSED"),
  ];
  const {longestOutageMs, outages} = outagesOf([...steady(0, 0, 500), ...failures, ...steady(0, 1190, 2000)], facts);
  t.is(longestOutageMs, 700);
  t.deepEqual(outages, [{client: 0, from: 500, to: 1200, ms: 700, errors: {ECONNRESET: 1, ECONNREFUSED: 2}}]);
});

test("the stretches before the first and after the last acknowledgement count", t => {
  t.is(outagesOf([op(0, 5, "failed"), ...steady(0, 890, 2000)], facts).longestOutageMs, 896);
  t.is(outagesOf(steady(0, 0, 500), facts).longestOutageMs, 1500);
});

test("a client without any acknowledgement was out all the time", t => {
  const both = {...facts, clients: 2};
  const {longestOutageMs, outages} = outagesOf(steady(0, 0, 2000), both);
  t.is(longestOutageMs, 1980, "from its first due time at the latest");
  t.is(outages[0]?.client, 1);
});

test("the worst client counts, not the mean", t => {
  const other = [...steady(1, 0, 500), ...steady(1, 1500, 2000)];
  t.is(outagesOf([...steady(0, 0, 2000), ...other], {...facts, clients: 2}).longestOutageMs, 1010);
});

test("what a slow client does normally is not listed", t => {
  const slow = Array.from({length: 10}, (_, i) => op(0, i * 1000));
  t.deepEqual(outagesOf(slow, {clients: 1, rate: 1, from: 0, to: 9000}).outages, []);
});

test("no operation at all is no figure", t => {
  t.deepEqual(outagesOf([], {clients: 1, rate: 1}), {longestOutageMs: 0, outages: []});
  t.is(outagesOf([], facts).longestOutageMs, 1990);
});

test("the longest outage is never shorter than any listed and never longer than the load", t => {
  const times = fc.array(
    fc.tuple(fc.integer({min: 1, max: 2000}), fc.constantFrom<Outcome>("ok", "failed", "unknown")),
    {minLength: 1},
  );
  fc.assert(
    fc.property(times, given => {
      const {longestOutageMs, outages} = outagesOf(
        given.map(([done, outcome]) => op(0, done, outcome)),
        facts,
      );
      t.true(longestOutageMs <= 2000);
      for (const o of outages) {
        t.true(o.ms > 200 && o.ms <= longestOutageMs);
        t.false(given.some(([done, outcome]) => outcome === "ok" && done > o.from && done < o.to));
      }
    }),
  );
});
