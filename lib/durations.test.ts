import test from "ava";
import {durationMs, ratePerSecond, showMs} from "./durations.ts";

for (const [text, ms] of [
  ["250ms", 250],
  ["1.5s", 1500],
  ["2m", 120_000],
  ["1h", 3_600_000],
  ["3", undefined],
  ["3 s", undefined],
  ["-1s", undefined],
  [3, undefined],
  ["", undefined],
] as const) {
  test(`durationMs ${JSON.stringify(text)}`, t => t.is(durationMs(text), ms));
}

for (const [text, rate] of [
  ["200/s", 200],
  ["30/m", 0.5],
  ["0.5/s", 0.5],
  ["200", undefined],
  ["200/h", undefined],
] as const) {
  test(`ratePerSecond ${JSON.stringify(text)}`, t => t.is(ratePerSecond(text), rate));
}

for (const [ms, text] of [
  [0, "0 ms"],
  [240.4, "240 ms"],
  [2410, "2.41 s"],
  [12_340, "12.3 s"],
  [200_000, "3 min 20 s"],
  [120_000, "2 min"],
  [3_599_700, "1 h"],
  [7_500_000, "2 h 5 min"],
] as const) {
  test(`showMs ${ms}`, t => t.is(showMs(ms), text));
}
