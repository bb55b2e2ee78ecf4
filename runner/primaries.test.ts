import test from "ava";
import {viewsOf} from "../components/galera/views.ts";
import {budgetTopology} from "../test/budget-topology.ts";
import {mostAtOnce, primaries} from "./primaries.ts";

/** As MariaDB 10.11 logs a view. */
const view = (at: number, id: number, members: string[], status = "primary") =>
  [
    "2026-11-26 22:19:04 2 [Note] WSREP: ================================================",
    "View:",
    `  id: 59135b82-e9e7-11f1-b7bf-bb77a7521436:${id}`,
    `  status: ${status}`,
    "  protocol_version: 4",
    "  capabilities: MULTI-MASTER, CERTIFICATION",
    "  final: no",
    "  own_index: 0",
    `  members(${members.length}):`,
    ...members.map((uuid, i) => `\t${i}: ${uuid}-e9e7-11f1-a995-8a487cc978c3, galera-${i}`),
    "=================================================",
    "2026-11-26 22:19:04 2 [Note] WSREP: wsrep_notify_cmd is not defined, skipping notification.",
  ].map(text => ({at, text}));
const alone = (at: number, member: string) => view(at, 9, [member], "non-primary");
const starting = (at: number) => [{at, text: "2026-11-26 22:19:14 0 [Note] Starting MariaDB 10.11.19 as process 7"}];
const most = (members: ReturnType<typeof view>[], from = 0) => mostAtOnce(members.map(viewsOf), {from, to: 1000});

test("a view with its members, whatever their order", t => {
  const [one] = viewsOf(view(7, 3, ["a", "b"]));
  t.like(one, {at: 7, primary: true});
  t.is(viewsOf(view(8, 3, ["b", "a"]))[0]!.id, one!.id);
  t.not(viewsOf(view(8, 3, ["a"]))[0]!.id, one!.id);
  t.false(viewsOf(alone(7, "a"))[0]!.primary);
});

test("one primary component follows another: a member is lost, starts anew and joins", t => {
  const seen = [...view(1, 3, ["a", "b", "c"]), ...view(20, 8, ["b", "c"]), ...view(30, 12, ["b", "c", "d"])];
  const killed = [...view(1, 3, ["a", "b", "c"]), ...starting(25), ...alone(26, "a"), ...view(30, 12, ["b", "c", "d"])];
  t.is(most([seen, seen, killed]), 1);
});

test("a member that was cut off comes back to what there is", t => {
  const stayed = [...view(1, 3, ["a", "b", "c"]), ...view(20, 8, ["b", "c"]), ...view(30, 12, ["a", "b", "c"])];
  const away = [...view(1, 3, ["a", "b", "c"]), ...alone(20, "a"), ...view(30, 12, ["a", "b", "c"])];
  t.is(most([stayed, stayed, away]), 1);
});

test("two that follow the same one are found, also where both begin at the same place of the history", t => {
  const before = view(1, 3, ["a", "b", "c"]);
  t.is(
    most([
      [...before, ...view(20, 8, ["b", "c"])],
      [...before, ...view(21, 9, ["a"])],
    ]),
    2,
  );
  t.is(
    most([
      [...before, ...view(20, 8, ["b", "c"])],
      [...before, ...view(21, 8, ["a"])],
    ]),
    2,
  );
});

test("a member that lost the quorum and was told to bootstrap is found beside the others", t => {
  const stayed = [...view(1, 3, ["a", "b", "c"]), ...view(20, 8, ["b", "c"])];
  const alone_ = [...view(1, 3, ["a", "b", "c"]), ...alone(20, "a"), ...view(40, 9, ["a"])];
  t.is(most([stayed, stayed, alone_]), 2);
  t.is(most([stayed, stayed, alone_], 500), 2, "also when it was so before the run already");
});

test("all were lost, and come back as one", async t => {
  const before = view(1, 3, ["a", "b", "c"]);
  const back = (at: number) => [...starting(at), ...alone(at + 1, "x"), ...view(40, 9, ["d", "e", "f"])];
  t.is(most([1, 2, 3].map(i => [...before, ...back(30 + i)])), 1);
  // One of them stays down: that it was killed is not in its log.
  const galera = budgetTopology().components.find(c => c.kind === "galera")!;
  const logs = async ({name}: {name: string}) => {
    const down = name === galera.members[2]!.name;
    const lines = down ? before : [...before, ...starting(30), ...alone(31, "x"), ...view(40, 9, ["d", "e"])];
    return [{process: "main", lines, more: 0}];
  };
  const faults = [{result: {fault: "kill", members: galera.members.map(m => m.name), injected: 25}}];
  t.is(await primaries({logs}, galera, {from: 10, to: 100, faults}), 1);
});

test("what was before the run is not blamed on it", t => {
  const before = view(1, 3, ["a", "b", "c"]);
  const split = [
    [...before, ...view(20, 8, ["b", "c"])],
    [...before, ...view(21, 8, ["a"])],
  ];
  t.is(most(split, 100), 1);
});

test("asks the daemon's own log of every member", async t => {
  const galera = budgetTopology().components.find(c => c.kind === "galera")!;
  const at = (i: number) => [...view(1, 3, ["a", "b", "c"]), ...view(20, 8, i === 0 ? ["a"] : ["b", "c"])];
  const target = {
    logs: async ({name}: {name: string}) => [
      {process: "main", lines: at(galera.members.findIndex(m => m.name === name)), more: 0},
      {process: "watcher", lines: [], more: 0},
    ],
  };
  const run = {from: 10, to: 100, faults: []};
  t.is(await primaries(target, galera, run), 2);
  await t.throwsAsync(primaries({logs: () => Promise.reject(new Error("no engine"))}, galera, run));
});
