import type {History, Operation} from "../../lib/history.ts";
import type {Transfer} from "./plan.ts";

/** Whether a history of transfers and looks is allowed, by trying every choice of what happened. Every transfer that
 *  was acknowledged happened, none that failed did, and each that is unknown did or did not; the final read, where
 *  there is one, finds exactly what these leave. Every look, and the final read, has all accounts, the same total, and
 *  none below zero where that is forbidden. For tests. */
export function someChoiceExplains(history: History): boolean {
  const {accounts, balance, overdraft} = history.options as {accounts: number; balance: number; overdraft: boolean};
  const transfers = history.operations.filter(o => o.kind === "transfer");
  const looks = history.operations.filter(o => o.kind === "look" && o.outcome === "ok").map(o => o.data as number[]);
  const final = history.finalRead?.map(Number);
  const right = [...looks, ...(final ? [final] : [])].every(
    held =>
      held.length === accounts &&
      held.reduce((sum, one) => sum + one, 0) === accounts * balance &&
      (overdraft || held.every(one => one >= 0)),
  );
  return right && (final === undefined || leaves(transfers, Array(accounts).fill(balance), final));
}

function leaves([next, ...others]: readonly Operation[], held: readonly number[], final: readonly number[]): boolean {
  if (!next) return String(held) === String(final);
  const {from, to, amount} = next.data as Transfer;
  const moved = held.with(from, held[from]! - amount);
  const happens = () => leaves(others, moved.with(to, moved[to]! + amount), final);
  const not = () => leaves(others, held, final);
  if (next.outcome === "ok") return happens();
  return next.outcome === "failed" ? not() : happens() || not();
}
