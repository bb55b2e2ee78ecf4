import type {Check} from "../../lib/analysis/check.ts";
import {errorNotes} from "../../lib/analysis/errors.ts";
import type {History, Operation} from "../../lib/history.ts";
import type {Finding} from "../../lib/result.ts";

export const finds = ["lost", "lost-update", "aborted-write"];

/** What an increment did, as its client saw it. */
interface Increment {
  counter: number;
  /** Absent when it did not get that far. */
  read?: number;
}

const mostTold = 10;

/** No increment is lost, and none is counted that was not made. Two that were acknowledged and read the same number of
 *  the same counter wrote the same: one of them is gone. A counter comes to a number only by an increment that read the
 *  one before, and that was acknowledged or is unknown. In the end it stands at what was acknowledged or above. */
export function check(history: History): Check {
  const own = history.operations.filter(o => o.kind === "increment" && o.data);
  const {all, findings} = lostUpdates(own);
  const notes = errorNotes(history, "increment");
  if (all > findings.length) notes.push(`lost-update was found ${all} times; the first ${findings.length} are told.`);
  const byCounter = Map.groupBy(own, o => increment(o).counter);
  const final = history.finalRead?.map(Number);
  for (const counter of new Set([...byCounter.keys(), ...(final?.keys() ?? [])]))
    findings.push(...unexplained(counter, byCounter.get(counter) ?? [], final?.[counter]));
  if (!final) {
    notes.push(`There was no final read: ${history.trouble ?? "the client gave no reason"}.`);
    return {findings, notes};
  }
  let [lost, recovered] = [0, 0];
  for (const [counter, value] of final.entries()) {
    const sure = (byCounter.get(counter) ?? []).filter(o => o.outcome === "ok");
    // What one wrote counts too: it may stand on another that nobody was acknowledged.
    const written = Math.max(sure.length, ...sure.map(o => (increment(o).read ?? -1) + 1));
    lost += Math.max(0, written - value);
    recovered += Math.max(0, value - sure.length);
  }
  return {lost, recovered, findings, notes};
}

const increment = (o: Operation) => o.data as Increment;

/** A number at which the counter stood, by a read or in the end, though nothing that may have happened had read the one
 *  before. */
function unexplained(counter: number, own: readonly Operation[], end = 0): Finding[] {
  const possible = own.filter(o => o.outcome !== "failed");
  const steps = new Set(possible.map(o => increment(o).read));
  const sure = own.filter(o => o.outcome === "ok" && increment(o).read !== undefined);
  const top = sure.reduce((most, o) => Math.max(most, increment(o).read!), end);
  // One whose read is not known may have been anywhere.
  let anywhere = possible.filter(o => increment(o).read === undefined).length;
  for (let stood = 1; stood <= top; stood++) {
    if (steps.has(stood - 1) || anywhere-- > 0) continue;
    const failed = own.find(o => o.outcome === "failed" && increment(o).read === stood - 1);
    const witness = sure.find(o => increment(o).read! >= stood);
    const where = witness
      ? `Client ${witness.client} read ${increment(witness).read}`
      : `It stands at ${end} in the end`;
    const text = `Counter ${counter} was counted up to ${stood}, and no increment that was acknowledged or is unknown had read ${stood - 1}. ${where}. An increment that failed, or none that was asked for, was counted.`;
    return [{anomaly: "aborted-write", text, operations: [failed, witness].filter(o => o !== undefined)}];
  }
  return [];
}

function lostUpdates(own: readonly Operation[]): {all: number; findings: Finding[]} {
  const first = new Map<string, Operation>();
  const findings: Finding[] = [];
  let all = 0;
  for (const operation of own) {
    const {counter, read} = operation.data as Increment;
    if (operation.outcome !== "ok" || read === undefined) continue;
    const id = `${counter} ${read}`;
    const other = first.get(id);
    if (!other) {
      first.set(id, operation);
      continue;
    }
    all++;
    if (findings.length >= mostTold) continue;
    const text = `Clients ${other.client} and ${operation.client} both read ${read} of counter ${counter} and both wrote ${read + 1}, and both were acknowledged: one increment is lost.`;
    findings.push({anomaly: "lost-update", text, operations: [other, operation]});
  }
  return {all, findings};
}
