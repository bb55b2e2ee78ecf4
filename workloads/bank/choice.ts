import type {Transfer} from "./plan.ts";

/** So many steps are tried before it is left open. A run has a handful of unknown transfers a client at most, and needs
 *  some dozens of steps. */
const mostSteps = 50_000;

/** Whether some of these transfers together change the accounts by exactly these amounts. Undefined: there were too
 *  many choices to try. */
export function someOf(transfers: readonly Transfer[], changes: readonly number[]): boolean | undefined {
  // Account after account: once all of one are decided, it must come out even, which ends wrong choices early.
  const ordered = [...transfers].sort((a, b) => Math.min(a.from, a.to) - Math.min(b.from, b.to));
  const within = limitsOf(ordered, changes.length);
  /** Left to change after so many decisions, where nothing more helps. */
  const dead = new Set<string>();
  let steps = 0;
  const search = (at: number, left: readonly number[]): boolean | undefined => {
    if (++steps > mostSteps) return undefined;
    if (left.some((change, account) => change < within[at]![account]!.least || change > within[at]![account]!.most))
      return false;
    if (at === ordered.length) return true;
    const id = `${at} ${left}`;
    if (dead.has(id)) return false;
    const {from, to, amount} = ordered[at]!;
    const moved = left.with(from, left[from]! + amount);
    const found = search(at + 1, left) || search(at + 1, moved.with(to, moved[to]! - amount));
    if (found === false) dead.add(id);
    return found;
  };
  return search(0, changes);
}

interface Limits {
  least: number;
  most: number;
}

/** For each place in the list, by how much the transfers from there on can change each account. */
function limitsOf(transfers: readonly Transfer[], accounts: number): Limits[][] {
  const limits = [Array.from({length: accounts}, (): Limits => ({least: 0, most: 0}))];
  for (const {from, to, amount} of transfers.toReversed()) {
    const after = limits.at(-1)!;
    const before = after.with(from, {...after[from]!, least: after[from]!.least - amount});
    limits.push(before.with(to, {...before[to]!, most: before[to]!.most + amount}));
  }
  return limits.reverse();
}
