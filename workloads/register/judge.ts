import type {History, Operation} from "../../lib/history.ts";

interface Seen {
  register: number;
  value: number;
}
const seen = (o: Operation) => o.data as Seen;

/** Whether a history of registers is allowed, by trying every choice of which unknown writes happened. Every write that
 *  was acknowledged happened, none that failed did. A register begins at -1 and only goes up, and ends at the highest
 *  that was written to it. A read finds -1 or what was written, and sent before the read ended. No client reads less
 *  than it read or was acknowledged before; with the option `sync`, nor less than anybody was acknowledged before it
 *  asked. The final read finds the end. For tests. */
export function someChoiceExplains(history: History): boolean {
  const writes = history.operations.filter(o => o.kind === "write" && o.outcome !== "failed");
  const unsure = writes.filter(o => o.outcome === "unknown");
  for (let choice = 0; choice < 2 ** unsure.length; choice++) {
    const happened = writes.filter(o => o.outcome === "ok" || choice & (1 << unsure.indexOf(o)));
    if (allowed(history, happened)) return true;
  }
  return false;
}

function allowed({operations, options, finalRead}: History, happened: readonly Operation[]): boolean {
  const reads = operations.filter(o => o.kind === "read" && o.outcome === "ok");
  const fine = reads.every(read => {
    const {register, value} = seen(read);
    const there = happened.filter(o => seen(o).register === register && o.sent <= read.done).map(o => seen(o).value);
    const known = operations.filter(
      o =>
        o.outcome === "ok" &&
        seen(o).register === register &&
        (o.client === read.client ? o.done <= read.sent : options?.sync && o.kind === "write" && o.done < read.sent),
    );
    return [-1, ...there].includes(value) && known.every(o => seen(o).value <= value);
  });
  const end = (register: number) =>
    Math.max(-1, ...happened.filter(o => seen(o).register === register).map(o => seen(o).value));
  return fine && (finalRead ?? []).every((value, register) => Number(value) === end(register));
}
