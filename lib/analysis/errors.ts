import type {History} from "../history.ts";

const meaning: Record<string, string> = {
  1213: "deadlock, or another member's write won",
  1205: "lock wait timeout",
  1020: "record has changed since it was read",
};

/** How many operations of a kind ended with errors of concurrency, by class, in sentences. */
export function errorNotes(history: History, kind: string): string[] {
  const own = history.operations.filter(o => o.kind === kind);
  return Object.entries(meaning).flatMap(([error, text]) => {
    const count = own.filter(o => o.error === error).length;
    if (count === 0) return [];
    return [`${count} of ${own.length} (${((100 * count) / own.length).toFixed(1)} %) ended with ${error}: ${text}.`];
  });
}
