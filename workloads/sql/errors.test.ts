import test from "ava";
import {classifySqlError} from "./errors.ts";

const rows: [string, object, string, string][] = [
  ["deadlock or failed certification", {errno: 1213, code: "ER_LOCK_DEADLOCK"}, "failed", "1213"],
  ["lock wait", {errno: 1205, code: "ER_LOCK_WAIT_TIMEOUT"}, "failed", "1205"],
  ["record has changed", {errno: 1020, code: "ER_CHECKREAD"}, "failed", "1020"],
  ["not prepared", {errno: 1047, message: "WSREP has not yet prepared node for application use"}, "failed", "1047"],
  [
    "cut off from the primary",
    {errno: 1180, message: "WSREP: not connected to Primary Component"},
    "unknown",
    "not-primary",
  ],
  ["killed connection", {errno: 1927}, "unknown", "1927"],
  ["shutdown", {errno: 1053}, "unknown", "1053"],
  ["reset", {errno: -104, code: "ECONNRESET"}, "unknown", "ECONNRESET"],
  ["end of stream", {errno: 45_026, code: "ER_SOCKET_UNEXPECTED_CLOSE"}, "unknown", "ER_SOCKET_UNEXPECTED_CLOSE"],
  ["time limit", {code: "timeout"}, "unknown", "timeout"],
];

for (const [name, error, outcome, as] of rows) {
  test(name, t => t.deepEqual(classifySqlError(error), {outcome: outcome as never, error: as}));
}
