import test from "ava";
import fc from "fast-check";
import {componentsOf} from "./components.ts";
import {type CycleClass, cyclesOf} from "./cycles.ts";
import type {Dependency, Edge, Graph} from "./graph.ts";

const rank: CycleClass[] = ["G0", "G1c", "lost-update", "G-single", "G2"];
const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom<Dependency>("ww", "wr", "rw"), fc.nat(2)), {
  maxLength: 14,
});

function graphWith(given: readonly [number, number, Dependency, number][]): Graph {
  const next = Array.from({length: 7}, () => new Map<number, Edge>());
  for (const [from, to, kind, key] of given) if (from !== to) next[from]!.set(to, {kind, key, at: 0, value: 0});
  return {transactions: [], next};
}

/** Every simple cycle of a small graph, each once for every node that it can begin with. */
function allCycles({next}: Graph): number[][] {
  const found: number[][] = [];
  const walk = (path: number[]) => {
    for (const to of next[path.at(-1)!]!.keys()) {
      if (to === path[0]) found.push([...path]);
      else if (!path.includes(to)) walk([...path, to]);
    }
  };
  for (const node of next.keys()) walk([node]);
  return found;
}

function classOf({next}: Graph, nodes: number[]): CycleClass {
  const own = nodes.map((node, i) => next[node]!.get(nodes[(i + 1) % nodes.length]!)!);
  const overtaken = own.filter(e => e.kind === "rw").length;
  if (overtaken > 1) return "G2";
  if (overtaken === 0) return own.every(e => e.kind === "ww") ? "G0" : "G1c";
  return own.every(e => e.kind !== "wr" && e.key === own[0]!.key) ? "lost-update" : "G-single";
}

test("cycles are what they are called, and each component tells its strongest class with its shortest length", t => {
  fc.assert(
    fc.property(edges, given => {
      const graph = graphWith(given);
      const every = allCycles(graph).map(nodes => ({nodes, anomaly: classOf(graph, nodes)}));
      const found = cyclesOf(graph);
      for (const {nodes, anomaly} of found) t.is(classOf(graph, nodes), anomaly);
      const {components} = componentsOf(7, node => graph.next[node]!.keys());
      for (const members of components) {
        const inside = (c: {nodes: number[]}) => members.includes(c.nodes[0]!);
        const strength = (c: {anomaly: CycleClass}) =>
          rank.indexOf(c.anomaly === "lost-update" ? "G-single" : c.anomaly);
        const best = Math.min(...every.filter(inside).map(strength));
        const told = found.filter(inside);
        t.true(told.length > 0);
        t.true(told.every(c => strength(c) === best));
        const length = Math.min(...every.filter(c => inside(c) && strength(c) === best).map(c => c.nodes.length));
        t.is(Math.min(...told.map(c => c.nodes.length)), length);
      }
      t.is(found.filter(c => !components.some(members => members.includes(c.nodes[0]!))).length, 0);
    }),
    {numRuns: 3000},
  );
});

test("a long chain needs no deep stack", t => {
  const size = 200_000;
  const {components, order} = componentsOf(size, node => (node + 1 < size ? [node + 1] : []));
  t.deepEqual(components, []);
  t.is(order[0], size - 1);
});
