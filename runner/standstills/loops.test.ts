import test from "ava";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import {look} from "./loops.ts";

/** A machine whose time goes on only while somebody waits. Writes and sleeps that begin at these times take so much
 *  longer. */
async function watched(slow: Partial<Record<Standstill["of"], [at: number, ms: number][]>>, forMs: number) {
  let time = 0;
  const waiting: {at: number; go: () => void}[] = [];
  const wait = (ms: number) => new Promise<void>(go => waiting.push({at: time + ms, go}));
  const longer = (list: [number, number][] = [], everyMs = 50) =>
    list.find(([at]) => time >= at && time < at + everyMs)?.[1] ?? 0;
  const seen: Standstill[] = [];
  const over = new AbortController();
  const looking = look(
    {
      now: () => time,
      sleep: ms => wait(ms + (ms === 20 ? longer(slow.processor) : 0)),
      write: () => wait(2 + longer(slow.disk)),
      append: () => wait(5 + longer(slow.journal, 250)),
    },
    standstill => seen.push(standstill),
    over.signal,
  );
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.at - b.at);
    const next = waiting.shift()!;
    time = next.at;
    if (time >= forMs) over.abort();
    next.go();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  }
  await looking;
  return seen;
}

test("a machine that goes on has no standstill", async t => {
  t.deepEqual(await watched({}, 5000), []);
});

test("a write that takes long is one of the disk, from its begin to its end", async t => {
  const [one, ...more] = await watched({disk: [[1000, 700]]}, 5000);
  t.deepEqual(more, []);
  t.is(one!.of, "disk");
  t.true(one!.from >= 1000 && one!.from < 1060, `${one!.from}`);
  t.is(one!.to - one!.from, 702);
});

test("a file that does not grow is a standstill of the journal, though what is there is written over", async t => {
  const [one, ...more] = await watched({journal: [[1000, 700]]}, 5000);
  t.deepEqual(more, []);
  t.is(one!.of, "journal");
  t.true(one!.from >= 1000 && one!.from < 1260, `${one!.from}`);
  t.is(one!.to - one!.from, 705);
});

test("a turn that comes late is one of the processor, from when it was due", async t => {
  const [one, ...more] = await watched({processor: [[2000, 300]]}, 5000);
  t.deepEqual(more, []);
  t.is(one!.of, "processor");
  t.true(one!.from >= 2020 && one!.from < 2060, `${one!.from}`);
  t.is(one!.to - one!.from, 300);
});

test("what is short is not told, and one that lasts at the end is", async t => {
  t.deepEqual(await watched({disk: [[1000, 60]], journal: [[3000, 60]], processor: [[2000, 90]]}, 5000), []);
  t.is((await watched({disk: [[1000, 9000]]}, 5000)).length, 1);
});
