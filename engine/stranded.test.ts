import test from "ava";
import {type Networked, strandedIn} from "./stranded.ts";

const holder: Networked = {id: "h", name: "galera-0-net", running: true, startedAt: 1000};
const process = (startedAt: number, more: Partial<Networked> = {}): Networked => ({
  id: `p${startedAt}`,
  name: `p${startedAt}`,
  running: true,
  startedAt,
  joined: "h",
  ...more,
});

test("who started before the holder of its network was started again is cut off for ever", t => {
  const all = [holder, process(900), process(1100)];
  t.deepEqual(
    strandedIn(all).map(one => one.name),
    ["p900"],
  );
});

for (const [why, all] of [
  ["who does not run is started, not started anew", [holder, process(900, {running: false})]],
  ["a holder that is down comes first", [{...holder, running: false}, process(900)]],
  ["one with a network of its own", [holder, process(900, {joined: undefined})]],
  ["one whose holder is another stack's", [process(900)]],
] as [string, Networked[]][]) {
  test(`not stranded: ${why}`, t => t.deepEqual(strandedIn(all), []));
}
