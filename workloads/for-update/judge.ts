import type {History, Operation} from "../../lib/history.ts";

interface Increment {
  counter: number;
  read?: number;
}

/** Whether some order explains a history of increments, by trying all of them. Every increment that was acknowledged
 *  happened, none that failed did, and each that is unknown did or did not. One after the other they read what the
 *  counter, which begins at 0, stands at, and add one; the final read, where there is one, finds what it stands at in
 *  the end. For tests. */
export function someOrderExplains({operations, finalRead}: History): boolean {
  const counters = new Set(operations.map(o => (o.data as Increment).counter));
  finalRead?.forEach((_, counter) => void counters.add(counter));
  return [...counters].every(counter => {
    const own = operations.filter(o => (o.data as Increment).counter === counter);
    const sure = own.filter(o => o.outcome === "ok");
    const unsure = own.filter(o => o.outcome === "unknown");
    return countsUp(sure, unsure, 0, finalRead && Number(finalRead[counter]));
  });
}

function countsUp(sure: readonly Operation[], unsure: readonly Operation[], stands: number, end?: number): boolean {
  if (sure.length === 0 && (end === undefined || end === stands)) return true;
  const fits = (o: Operation) => ((o.data as Increment).read ?? stands) === stands;
  return (
    sure.some((o, i) => fits(o) && countsUp(sure.toSpliced(i, 1), unsure, stands + 1, end)) ||
    unsure.some((o, i) => fits(o) && countsUp(sure, unsure.toSpliced(i, 1), stands + 1, end))
  );
}
