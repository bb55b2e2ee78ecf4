import test from "ava";
import {state} from "./state.ts";

test("its figures are read", t => {
  const stdout = [
    "STAT pid 7",
    "STAT uptime 12",
    "STAT version 1.6.18",
    "STAT curr_connections 2",
    "STAT curr_items 5",
    "STAT get_hits 3",
    "END",
    "",
  ].join("\r\n");
  const read = state.parse({code: 0, stdout, stderr: ""});
  t.true(read.healthy);
  t.is(read.state, "serving, 5 items, 2 connections");
  t.like(read.detail, {version: "1.6.18", uptimeSeconds: 12, hits: 3, misses: 0});
});

for (const [code, stdout, stderr, shown] of [
  [1, "", "", "no answer (exit code 1)"],
  [
    1,
    "",
    "bash: connect: Connection refused\nbash: /dev/tcp: Connection refused",
    "no answer: bash: /dev/tcp: Connection refused",
  ],
  [0, "nonsense", "", "no answer (exit code 0)"],
] as const)
  test(`what cannot be read is not healthy: ${shown}`, t => {
    const read = state.parse({code, stdout, stderr});
    t.false(read.healthy);
    t.is(read.state, shown);
  });
