import {setImmediate as turn} from "node:timers/promises";
import test from "ava";
import {sleepUntil} from "./moments.ts";

const never = new AbortController().signal;

test("no wait ends before its time, by the clock that results are told in", async t => {
  const wait = async (n: number) => {
    const at = Date.now() + 10 + (n % 30);
    await sleepUntil(at, never);
    return at - Date.now();
  };
  const waits: Promise<number>[] = [];
  for (let n = 0; n < 400; n++) {
    waits.push(wait(n));
    // Begun at different parts of a millisecond, which is what decides whether a timer fires early.
    const apart = performance.now() + 0.1 + (n % 7) / 10;
    while (performance.now() < apart);
    await turn();
  }
  const early = await Promise.all(waits);
  t.deepEqual(
    early.filter(ms => ms > 0),
    [],
  );
});

test("what is past has come, and whoever aborts ends a wait", async t => {
  await sleepUntil(Date.now() - 1000, never);
  const over = new AbortController();
  const waiting = sleepUntil(Date.now() + 60_000, over.signal);
  over.abort();
  await t.throwsAsync(waiting, {name: "AbortError"});
  await t.throwsAsync(sleepUntil(0, over.signal), {name: "AbortError"});
});
