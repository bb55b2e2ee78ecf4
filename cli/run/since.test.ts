import test from "ava";
import type {StackStatus} from "../../engine/status.ts";
import {Since} from "./since.ts";

const status = (state: string, since?: number): StackStatus => ({
  stack: "lab/lab",
  healthy: true,
  alarms: [],
  members: [{component: "galera", member: "galera-0", zone: "a", healthy: true, state, roles: [], detail: {}, since}],
});
const at = (since: Since, state: string, now: number, started?: number) =>
  since.look(status(state, started), now).members[0]!.since;

test("what the platform says, until a state changes between two looks", t => {
  const since = new Since();
  t.is(at(since, "Synced", 5000, 100), 100);
  t.is(at(since, "Synced", 6000, 100), 100);
  t.is(at(since, "Donor/Desynced", 7000, 100), 7000);
  t.is(at(since, "Donor/Desynced", 8000, 100), 7000);
  t.is(at(since, "Synced", 9000, 100), 9000);
});

test("a process that was started since counts from then", t => {
  const since = new Since();
  at(since, "Synced", 1000, 100);
  t.is(at(since, "gone", 2000), 2000);
  t.is(at(since, "Joining", 4000, 3500), 4000);
  t.is(at(since, "Joining", 9000, 8500), 8500);
});

test("a figure that changes is no other state", t => {
  const since = new Since();
  at(since, "serving, 12 items", 1000, 100);
  t.is(at(since, "serving, 13 items", 2000, 100), 100);
});
