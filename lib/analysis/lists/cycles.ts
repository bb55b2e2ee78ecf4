import {componentsOf} from "./components.ts";
import type {Dependency, Graph} from "./graph.ts";

/** Classes of cycles, strongest first: writes alone (G0), writes and reads of them (G1c), exactly one read that was
 *  overtaken (G-single; of one key alone it is a lost update), several of those (G2). */
export const cycleClasses = ["G0", "G1c", "lost-update", "G-single", "G2"] as const;
export type CycleClass = (typeof cycleClasses)[number];

/** A cycle of transactions: each comes before the next, and the last before the first. */
export interface Cycle {
  anomaly: CycleClass;
  nodes: number[];
}

/** A component may have many cycles of two overtaken reads or more; this many of its edges are tried for the
 *  shortest. */
const mostTried = 200;

/** The strongest cycles of every strongly connected component, the shortest through each edge that could begin one.
 *  What is weaker in the same component is not told: it stands and falls with the stronger. */
export function cyclesOf(graph: Graph): Cycle[] {
  const search = new Search(graph);
  const {components} = componentsOf(graph.next.length, node => graph.next[node]!.keys());
  return unique(components.flatMap(members => search.strongest(members)));
}

class Search {
  readonly #graph: Graph;
  /** Length of the longest chain of ww and wr edges that leads to a node, counted over components: a path of such edges
   *  never goes down. */
  readonly #level: Int32Array;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#level = levelsOf(graph);
  }

  strongest(members: readonly number[]): Cycle[] {
    const inside = new Set(members);
    const writes = this.#shortestEach(members, ["ww"], "ww");
    if (writes.length > 0) return writes.map(nodes => ({anomaly: "G0", nodes}));
    const circular = this.#shortestEach(members, ["ww", "wr"], "wr");
    if (circular.length > 0) return circular.map(nodes => ({anomaly: "G1c", nodes}));
    const overtaken = this.#edges(members, inside, "rw");
    const single = overtaken.flatMap(([from, to]) => this.#close(from, to, ["ww", "wr"], inside));
    if (single.length > 0) return single.map(nodes => ({anomaly: this.#single(nodes), nodes}));
    const several = overtaken.slice(0, mostTried).flatMap(([from, to]) => this.#close(from, to, undefined, inside));
    return shortest(several).map(nodes => ({anomaly: "G2", nodes}));
  }

  /** Of every component that edges of these kinds alone make, the shortest cycle with an edge of the kind `through`. */
  #shortestEach(members: readonly number[], kinds: Dependency[], through: Dependency): number[][] {
    const place = new Map(members.map((node, i) => [node, i]));
    const within = (i: number) =>
      [...this.#graph.next[members[i]!]!].flatMap(([to, {kind}]) =>
        kinds.includes(kind) ? (place.get(to) ?? []) : [],
      );
    return componentsOf(members.length, within).components.flatMap(component => {
      const own = component.map(i => members[i]!);
      const inside = new Set(own);
      const edges = this.#edges(own, inside, through);
      return shortest(edges.flatMap(([from, to]) => this.#close(from, to, kinds, inside)));
    });
  }

  #edges(members: readonly number[], inside: ReadonlySet<number>, kind: Dependency): [number, number][] {
    return members.flatMap(from =>
      [...this.#graph.next[from]!].flatMap(([to, edge]): [number, number][] =>
        edge.kind === kind && inside.has(to) ? [[from, to]] : [],
      ),
    );
  }

  /** The shortest cycle that begins with the edge and goes on over edges of these kinds (default: all), or none. */
  #close(from: number, to: number, kinds: Dependency[] | undefined, inside: ReadonlySet<number>): number[][] {
    const cameFrom = new Map<number, number>([[to, from]]);
    let front = [to];
    while (front.length > 0) {
      const following: number[] = [];
      for (const node of front) {
        for (const [other, {kind}] of this.#graph.next[node]!) {
          if (kinds && (!kinds.includes(kind) || this.#level[other]! > this.#level[from]!)) continue;
          if (other === from) return [pathTo(node, from, cameFrom)];
          if (cameFrom.has(other) || !inside.has(other)) continue;
          cameFrom.set(other, node);
          following.push(other);
        }
      }
      front = following;
    }
    return [];
  }

  /** Whether the overtaken read and every write are of one key: then a write was made from what was there no more. */
  #single(nodes: readonly number[]): CycleClass {
    const edges = nodes.map((node, i) => this.#graph.next[node]!.get(nodes[(i + 1) % nodes.length]!)!);
    const keys = new Set(edges.map(edge => edge.key));
    return keys.size === 1 && edges.every(edge => edge.kind !== "wr") ? "lost-update" : "G-single";
  }
}

function pathTo(last: number, first: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const nodes: number[] = [];
  for (let node = last; node !== first; node = cameFrom.get(node)!) nodes.push(node);
  return [first, ...nodes.reverse()];
}

function levelsOf({next}: Graph): Int32Array {
  const strong = (node: number) => [...next[node]!].flatMap(([to, {kind}]) => (kind === "rw" ? [] : [to]));
  const {order} = componentsOf(next.length, strong);
  const byOrder = Array.from(next.keys()).sort((a, b) => order[b]! - order[a]!);
  const ofComponent = new Int32Array(next.length);
  for (const node of byOrder) {
    for (const to of strong(node)) {
      const [own, other] = [order[node]!, order[to]!];
      if (own !== other) ofComponent[other] = Math.max(ofComponent[other]!, ofComponent[own]! + 1);
    }
  }
  return Int32Array.from(next.keys(), node => ofComponent[order[node]!]!);
}

const shortest = (cycles: number[][]): number[][] =>
  cycles.length === 0 ? [] : [cycles.reduce((best, nodes) => (nodes.length < best.length ? nodes : best))];

/** Each set of transactions once, the shortest first. */
function unique(cycles: readonly Cycle[]): Cycle[] {
  const seen = new Map<string, Cycle>();
  for (const cycle of cycles) {
    const id = `${cycle.anomaly} ${[...cycle.nodes].sort((a, b) => a - b).join(" ")}`;
    if (!seen.has(id)) seen.set(id, cycle);
  }
  return [...seen.values()].sort((a, b) => a.nodes.length - b.nodes.length);
}
