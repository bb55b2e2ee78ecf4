import test from "ava";
import {linesOf} from "./docker-logs.ts";

function frame(stream: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

test("both outputs in their order, with the time of each line", t => {
  const raw = Buffer.concat([
    frame(1, "2026-11-24T10:00:00.123456789Z ready\n"),
    frame(2, "2026-11-24T10:00:01.5Z größer \u2713\n"),
    frame(1, "2026-11-24T10:00:02Z \n"),
  ]);
  t.deepEqual(linesOf(raw), [
    {at: Date.UTC(2026, 10, 24, 10, 0, 0, 123), text: "ready"},
    {at: Date.UTC(2026, 10, 24, 10, 0, 1, 500), text: "größer ✓"},
    {at: Date.UTC(2026, 10, 24, 10, 0, 2), text: ""},
  ]);
});

test("a line without a time is kept, an answer that was cut off ends", t => {
  t.deepEqual(linesOf(frame(1, "no time\n")), [{text: "no time"}]);
  t.deepEqual(linesOf(Buffer.concat([frame(1, "whole\n"), Buffer.from([1, 0, 0])])), [{text: "whole"}]);
  t.deepEqual(linesOf(Buffer.alloc(0)), []);
});
