import test from "ava";
import {disagreement} from "./agreement.ts";

const component = {name: "galera", members: ["g-0", "g-1", "g-2"].map(name => ({name}))};
const states = (...sizes: (number | undefined)[]) =>
  sizes.map((size, i) => ({
    member: `g-${i}`,
    state: {healthy: true, detail: size === undefined ? {} : {size}} as {healthy: boolean; detail: {size: number}},
  }));

test("one cluster; an arbitrator says no size", t => {
  t.is(disagreement(component, states(3, 3, 3)), undefined);
  t.is(disagreement(component, states(3, 3, undefined)), undefined);
});

test("two primary components, whether their sizes differ or not", t => {
  t.is(
    disagreement(component, states(2, 2, 1)),
    "galera: its 3 members are not one cluster: g-0 sees 2, g-1 sees 2, g-2 sees 1.",
  );
  const four = {...component, members: [...component.members, {name: "g-3"}]};
  t.regex(disagreement(four, states(2, 2, 2, 2))!, /not one cluster/);
});

test("a member that is not healthy is told by itself", t => {
  const [one, ...rest] = states(1, 2, 2);
  t.is(disagreement(component, [{...one!, state: {...one!.state, healthy: false}}, ...rest]), undefined);
  t.is(disagreement(component, rest), undefined);
});
