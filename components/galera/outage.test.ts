import test from "ava";
import {describe, loss, type Outage, refuseWithout, running, spokesman} from "./outage.ts";
import type {ShownRecovery, ShownStanding} from "./shown.ts";

const members = ["galera-0", "galera-1", "galera-2"];
const view = {seqno: 34, members: ["galera-1", "galera-2"]};
const held = (over: Partial<ShownStanding> = {}): ShownStanding => ({
  kind: "held",
  cluster: "761292e3-0000",
  seqno: 34,
  view,
  ...over,
});

function shown(me: string, standings: Record<string, ShownStanding>, over: Partial<ShownRecovery> = {}): ShownRecovery {
  return {
    me,
    primary: false,
    told: {do: "wait", why: "waits for galera-2: of the last component (galera-1, galera-2)"},
    cluster: "761292e3-0000",
    view,
    group: Object.keys(standings),
    missing: ["galera-2"],
    safe: false,
    why: "waits for galera-2",
    standings,
    primaries: [],
    recoveries: [],
    ...over,
  };
}

function outage(standings: Record<string, ShownStanding>, over: Partial<ShownRecovery> = {}): Outage {
  const all = Object.keys(standings).map(me => [me, shown(me, standings, over)] as const);
  return {component: "galera", members, shown: Object.fromEntries(all)};
}

const two = {"galera-0": held({seqno: 33}), "galera-1": held()};

test("who waits for whom, a line a member", t => {
  t.deepEqual(describe(outage(two)), [
    "galera-0: waits, has transactions up to 33 of 761292e3, last with galera-1, galera-2 (from transaction 34); wait: for galera-2: of the last component (galera-1, galera-2)",
    "galera-1: waits, has transactions up to 34 of 761292e3, last with galera-1, galera-2 (from transaction 34); wait: for galera-2: of the last component (galera-1, galera-2)",
    "galera-2: not there (its watcher cannot be asked)",
  ]);
});

test("what could be lost without one that was in the last component", t => {
  t.deepEqual(refuseWithout(outage(two), ["galera-2"]), []);
  t.regex(loss(outage(two), ["galera-2"]).join(" "), /goes on from transaction 34\. .* is lost to the others\./);
  t.regex(loss(outage(two), ["galera-3"]).join(" "), /^Nothing is known that galera-3 could have alone\./);
});

test("who is there with data of the cluster, is no member, or serves is not left out", t => {
  t.regex(refuseWithout(outage(two), ["galera-1"])[0]!, /^galera-1 is there and has data of the cluster/);
  t.regex(refuseWithout(outage(two), ["galera-9"])[0]!, /^galera-9 is no member of galera\. Its members are galera-0,/);
  const serving = outage(two, {primaries: [{name: "galera-0"}]});
  t.deepEqual(running(serving), ["galera-0"]);
  t.regex(refuseWithout(serving, ["galera-2"])[0]!, /serve: there is nothing to recover from/);
  const empty = outage({"galera-0": held({cluster: null, seqno: -1, view: null})}, {group: []});
  t.regex(refuseWithout(empty, ["galera-2"])[0]!, /^No member of galera waits with data: start one first/);
});

test("data that nothing proves goes on where a person says so", t => {
  const why = "nothing proves that the data of galera-0, galera-1 is this cluster's";
  const unproven = outage(two, {group: [], why});
  t.deepEqual(refuseWithout(unproven, []), []);
  t.is(spokesman(unproven)!.me, "galera-0");
  t.regex(
    loss(unproven, [])[0]!,
    /^The cluster goes on with the data of galera-0, galera-1 \(761292e3\), although nothing/,
  );
});

test("of two histories, the one that is not left out goes on", t => {
  const other = {...two, "galera-2": held({cluster: "aaaaaaaa-0000"})};
  const mixed = outage(other, {group: [], why: "members hold data of different clusters (galera-2: aaaaaaaa)"});
  t.deepEqual(refuseWithout(mixed, ["galera-2"]), []);
  t.is(spokesman(mixed, ["galera-0", "galera-1"])!.me, "galera-2");
  t.regex(loss(mixed, ["galera-2"])[0]!, /with the data of galera-0, galera-1 \(761292e3\)/);
});
