import test from "ava";
import {state} from "./state.ts";

for (const [code, stdout, stderr, healthy, shown] of [
  [0, "HTTP/1.1 200 OK\r\n", "", true, "serving"],
  [1, "HTTP/1.1 503 Service Unavailable\r\n", "", false, "not serving: status 503"],
  [1, "", "bash: connect: Connection refused", false, "no answer: bash: connect: Connection refused"],
  [1, "", "", false, "no answer (exit code 1)"],
] as const)
  test(`${shown}`, t => {
    const read = state.parse({code, stdout, stderr});
    t.deepEqual([read.healthy, read.state], [healthy, shown]);
  });
