import test from "ava";
import {sleepUntil} from "./moments.ts";

const never = new AbortController().signal;

test("no wait ends before its time, by the clock that results are told in", async t => {
  const early = await Promise.all(
    Array.from({length: 400}, async (_, n) => {
      // Begun at different parts of a millisecond, which is what decides whether a timer fires early.
      await new Promise<void>(resolve => setImmediate(resolve));
      const at = Date.now() + 10 + (n % 30);
      await sleepUntil(at, never);
      return at - Date.now();
    }),
  );
  t.deepEqual(
    early.filter(ms => ms > 0),
    [],
  );
});

test("what is past is no wait, and whoever aborts ends it", async t => {
  await sleepUntil(Date.now() - 1000, never);
  const over = new AbortController();
  const waiting = sleepUntil(Date.now() + 60_000, over.signal);
  over.abort();
  await t.throwsAsync(waiting, {name: "AbortError"});
  await t.throwsAsync(sleepUntil(0, over.signal), {name: "AbortError"});
});
