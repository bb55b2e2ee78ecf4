import test from "ava";
import {bitsPerSecond, bytesPerSecond} from "./rates.ts";

test("bits a second", t => {
  t.deepEqual(["512kbit", "1mbit", "1.5gbit", "1Mbit", "1", 1].map(bitsPerSecond), [
    512e3,
    1e6,
    1.5e9,
    undefined,
    undefined,
    undefined,
  ]);
});

test("bytes a second", t => {
  t.deepEqual(["1KiB/s", "2MiB/s", "1MB/s", "1MiB", undefined].map(bytesPerSecond), [
    1024,
    2 * 1024 ** 2,
    undefined,
    undefined,
    undefined,
  ]);
});
