import test from "ava";
import {answer, type Look} from "./answer.ts";

const rules = {freshMs: 500, donorServes: true, lowDiskBytes: 16_000_000};
const synced: Look = {at: 1000, localState: "4", clusterStatus: "Primary", ready: true};
const rows: [what: string, look: Look | undefined, now: number, writable: boolean, reason: RegExp][] = [
  ["synced and fresh", synced, 1100, true, /^Synced, Primary$/],
  ["on the edge", synced, 1500, true, /Synced/],
  ["stale", synced, 1501, false, /501 ms old: timeout/],
  ["never seen", undefined, 1000, false, /no answer from the database yet: timeout/],
  ["no quorum", {...synced, clusterStatus: "non-Primary"}, 1000, false, /non-Primary, not Primary/],
  ["joined", {...synced, localState: "3"}, 1000, false, /Joined, not Synced/],
  ["donor", {...synced, localState: "2"}, 1000, true, /^Donor, Primary$/],
  ["not ready", {...synced, ready: false}, 1000, false, /wsrep_ready is OFF/],
];
for (const [what, look, now, writable, reason] of rows) {
  test(what, t => {
    const given = answer(look, "timeout", now, rules);
    t.is(given.writable, writable);
    t.regex(given.reason, reason);
  });
}
test("a donor that holds writes back", t =>
  t.false(answer({...synced, localState: "2"}, undefined, 1000, {...rules, donorServes: false}).writable));

test("a member whose disk is full takes no writes, however well it stands", t => {
  const full = answer(synced, undefined, 1000, rules, 15_000_000);
  t.false(full.writable);
  t.is(full.reason, "disk full: 14648 KiB are free");
  t.true(answer(synced, undefined, 1000, rules, 16_000_000).writable);
});
