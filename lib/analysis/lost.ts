import type {History} from "../history.ts";
import type {Finding} from "../result.ts";
import type {Check} from "./check.ts";

const named = 5;

/** The set checker: every acknowledged value must be there at the final read. Values that nobody wrote are a finding
 *  too. Without a final read nothing is known: no figure is given, and a note says why. */
export function checkSet(history: History, writeKind: string): Check {
  const writes = history.operations.filter(o => o.kind === writeKind && o.value !== undefined);
  if (!history.finalRead) {
    return {findings: [], notes: [`There was no final read: ${history.trouble ?? "the client gave no reason"}.`]};
  }
  const seen = new Set<string | number>();
  let duplicates = 0;
  for (const value of history.finalRead) {
    if (seen.has(value)) duplicates++;
    seen.add(value);
  }
  const acknowledged = new Set<string | number>();
  const unproven = new Set<string | number>();
  for (const write of writes) (write.outcome === "ok" ? acknowledged : unproven).add(write.value!);
  const lost = [...acknowledged].filter(value => !seen.has(value));
  let recovered = 0;
  const strangers: (string | number)[] = [];
  for (const value of seen) {
    if (acknowledged.has(value)) continue;
    if (unproven.has(value)) recovered++;
    else strangers.push(value);
  }
  const notes = lost.length > 0 ? [`${lost.length} acknowledged values are not there: ${some(lost)}.`] : undefined;
  const findings: Finding[] = [];
  if (strangers.length > 0) {
    const text = `${strangers.length} values are there that nobody wrote: ${some(strangers)}.`;
    findings.push({anomaly: "stranger", text, operations: []});
  }
  return {lost: lost.length, duplicates, recovered, findings, ...(notes ? {notes} : {})};
}

function some(values: (string | number)[]): string {
  return values.slice(0, named).join(", ") + (values.length > named ? ", ..." : "");
}
