import type {Check} from "../../../lib/analysis/check.ts";
import {errorNotes} from "../../../lib/analysis/errors.ts";
import type {History, Operation} from "../../../lib/history.ts";
import type {Finding} from "../../../lib/result.ts";

export const finds = ["lost", "lost-update", "aborted-write"];

/** What an increment did, as its client saw it. */
interface Increment {
  counter: number;
  /** Absent when it did not get that far. */
  read?: number;
}

const mostTold = 10;

/** No increment is lost. Two that were acknowledged and read the same number of the same counter wrote the same: one of them is gone. In
 *  the end each counter stands at the acknowledged increments or above, by those at most whose outcome is unknown. */
export function check(history: History): Check {
  const own = history.operations.filter(o => o.kind === "increment" && o.data);
  const {all, findings} = lostUpdates(own);
  const notes = errorNotes(history, "increment");
  if (all > findings.length) notes.push(`lost-update was found ${all} times; the first ${findings.length} are told.`);
  if (!history.finalRead) {
    notes.push(`There was no final read: ${history.trouble ?? "the client gave no reason"}.`);
    return {findings, notes};
  }
  let [lost, recovered] = [0, 0];
  for (const [counter, value] of history.finalRead.map(Number).entries()) {
    const of = own.filter(o => (o.data as Increment).counter === counter);
    const count = (outcome: string) => of.filter(o => o.outcome === outcome).length;
    const [acknowledged, unknown] = [count("ok"), count("unknown")];
    lost += Math.max(0, acknowledged - value);
    recovered += Math.max(0, value - acknowledged);
    if (value <= acknowledged + unknown) continue;
    const text = `Counter ${counter} stands at ${value} in the end; ${acknowledged} increments were acknowledged and ${unknown} are unknown. Increments that failed, or none that was asked for, were counted.`;
    findings.push({anomaly: "aborted-write", text, operations: of.filter(o => o.outcome === "failed").slice(0, 1)});
  }
  return {lost, recovered, findings, notes};
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
