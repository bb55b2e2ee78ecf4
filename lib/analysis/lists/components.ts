/** The strongly connected components with more than one node, by Tarjan's algorithm without recursion (a history has a
 *  hundred thousand nodes, and the stack of a function call has not). `order` is such that edges between components
 *  lead to a lower number. */
export function componentsOf(
  size: number,
  nextOf: (node: number) => Iterable<number>,
): {components: number[][]; order: Int32Array} {
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const order = new Int32Array(size).fill(-1);
  const components: number[][] = [];
  const open: number[] = [];
  let [counter, closed] = [0, 0];
  for (let root = 0; root < size; root++) {
    if (index[root] !== -1) continue;
    const path: {node: number; rest: Iterator<number>}[] = [];
    const enter = (node: number) => {
      index[node] = low[node] = counter++;
      open.push(node);
      path.push({node, rest: nextOf(node)[Symbol.iterator]()});
    };
    enter(root);
    while (path.length > 0) {
      const {node, rest} = path.at(-1)!;
      const step = rest.next();
      if (!step.done) {
        const other = step.value;
        if (index[other] === -1) enter(other);
        else if (order[other] === -1) low[node] = Math.min(low[node]!, index[other]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== index[node]) continue;
      const members = open.splice(open.lastIndexOf(node));
      for (const member of members) order[member] = closed;
      closed++;
      if (members.length > 1) components.push(members);
    }
  }
  return {components, order};
}
