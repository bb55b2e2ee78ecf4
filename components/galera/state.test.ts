import test from "ava";
import {state} from "./state.ts";

const lines = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([k, v]) => `${k}\t${v}\n`)
    .join("");
const synced = {
  wsrep_local_state: "4",
  wsrep_local_state_comment: "Synced",
  wsrep_cluster_status: "Primary",
  wsrep_cluster_size: "3",
  wsrep_ready: "ON",
  wsrep_last_committed: "41",
  wsrep_gcomm_uuid: "bf438396-e76c-11f1-bb71-c7a8f6a457ab",
  wsrep_cluster_state_uuid: "bf4b9e57-e76c-11f1-b49a-c2b128c97c35",
  Threads_connected: "7",
  evictions: "2",
};
const ask = (values: Record<string, string>, code = 0, stderr = "") =>
  state.parse({code, stdout: lines(values), stderr});

test("Synced in the primary component is healthy", t => {
  const answer = ask(synced);
  t.true(answer.healthy);
  t.is(answer.state, "Synced, Primary (3)");
  t.like(answer.detail, {
    size: 3,
    committed: 41,
    connections: 7,
    evictions: 2,
    view: synced.wsrep_gcomm_uuid,
    cluster: synced.wsrep_cluster_state_uuid,
  });
});

const unhealthy: [what: string, values: Record<string, string>, state: string][] = [
  [
    "disk full, and it says Synced all the same",
    {...synced, disk_free_kib: "120"},
    "disk full: 120 KiB are free; Synced, Primary",
  ],
  [
    "no quorum",
    {...synced, wsrep_cluster_status: "non-Primary", wsrep_local_state_comment: "Initialized", wsrep_cluster_size: "1"},
    "Initialized, non-Primary (1)",
  ],
  [
    "joining",
    {...synced, wsrep_local_state_comment: "Joining: receiving State Transfer"},
    "Joining: receiving State Transfer, Primary (3)",
  ],
  ["not ready", {...synced, wsrep_ready: "OFF"}, "Synced, Primary (3)"],
  ["token still there", {bootstrap_token: "ON", ...synced}, "Synced, Primary (3), bootstrapping"],
];
for (const [what, values, text] of unhealthy) {
  test(`${what} is not healthy`, t => {
    const answer = ask(values);
    t.false(answer.healthy);
    t.is(answer.state, text);
  });
}

test("a donor has its role", t =>
  t.deepEqual(ask({...synced, wsrep_local_state_comment: "Donor/Desynced"}).roles, ["donor"]));
test("no answer says why", t => {
  t.is(ask({}, 1, "noise\nERROR 2002 (HY000): Can't connect\n").state, "no answer: ERROR 2002 (HY000): Can't connect");
  t.is(ask({}, 137).state, "no answer: exit code 137");
});

test("a member that does not answer because its disk is full says that", t => {
  t.is(ask({disk_free_kib: "0"}, 1, "ERROR 2002: no socket").state, "disk full: 0 KiB are free");
  t.true(ask({...synced, disk_free_kib: "900000"}).healthy);
});
