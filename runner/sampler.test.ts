import test from "ava";
import {fakeTopology} from "../test/fake-topology.ts";
import {stateFrom} from "./sampler.ts";

const component = fakeTopology.components[0]!;
const placed = {component, member: component.members[0]!};
const look = (process: string, running: boolean, since: number) => ({
  process,
  running,
  paused: false,
  since,
  incarnation: "1",
  ...(running ? {} : {exitCode: 137}),
});

test("a member is down since its first process ended, not since that was noticed", t => {
  const before = Date.now() - 900;
  t.is(stateFrom(placed, [look("main", false, before), look("helper", false, before + 50)]).at, before);
});

test("a process that was never started has no such time", t => {
  t.true(Date.now() - stateFrom(placed, [look("main", false, Date.parse("0001-01-01T00:00:00Z"))]).at < 1000);
});
