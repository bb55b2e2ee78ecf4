import type {Check} from "../../lib/analysis/check.ts";
import {errorNotes} from "../../lib/analysis/errors.ts";
import type {History, Operation} from "../../lib/history.ts";
import type {Finding} from "../../lib/result.ts";
import {someOf} from "./choice.ts";
import type {Transfer} from "./plan.ts";

export const finds = ["missing-account", "total-drift", "negative-balance", "wrong-balance"];

/** Money is neither made nor lost: every look at the accounts, and the final read, finds the same total; no account is
 *  below zero where that is forbidden; and in the end each has what the acknowledged transfers left there, give or take
 *  those whose outcome is unknown. */
export function check(history: History): Check {
  const {accounts, balance, overdraft} = history.options ?? {};
  const expected = {accounts: Number(accounts), balance: Number(balance), overdraft: overdraft === true};
  const looks = history.operations.filter(o => o.kind === "look" && o.outcome === "ok");
  const final = finalLook(history);
  const left = final ? wrongBalances(history, final, expected) : {findings: [], notes: []};
  const findings = [...wrongLooks([...looks, ...(final ? [final] : [])], expected), ...left.findings];
  const notes = [...errorNotes(history, "transfer"), ...left.notes];
  notes.unshift(`The accounts were looked at ${looks.length} times during the load.`);
  if (!final) notes.push(`There was no final read: ${history.trouble ?? "the client gave no reason"}.`);
  return {findings, notes};
}

/** Unknown transfers that a finding shows. */
const mostShown = 10;

interface Expected {
  accounts: number;
  balance: number;
  overdraft: boolean;
}

/** The final read as an operation, of a client of its own. */
function finalLook({finalRead, clients, operations, to}: History): Operation | undefined {
  if (!finalRead) return undefined;
  const at = to ?? operations.at(-1)?.done ?? 0;
  const balances = finalRead.map(Number);
  return {client: clients, kind: "look", due: at, sent: at, done: at, outcome: "ok", data: balances};
}

/** The first look of each kind that is wrong, with how many there are. */
function wrongLooks(looks: readonly Operation[], {accounts, balance, overdraft}: Expected): Finding[] {
  const total = accounts * balance;
  const of = (look: Operation) => look.data as number[];
  const sum = (look: Operation) => of(look).reduce((all, one) => all + one, 0);
  const tell = (anomaly: string, wrong: Operation[], say: (look: Operation) => string): Finding[] => {
    if (wrong.length === 0) return [];
    const more = wrong.length > 1 ? ` ${wrong.length} looks of ${looks.length} are like that.` : "";
    return [{anomaly, text: `${say(wrong[0]!)}${more}`, operations: [wrong[0]!]}];
  };
  const whole = looks.filter(look => of(look).length === accounts);
  return [
    ...tell(
      "missing-account",
      looks.filter(look => of(look).length !== accounts),
      look => `A look at the accounts found ${of(look).length} of them; there are ${accounts}.`,
    ),
    ...tell(
      "total-drift",
      whole.filter(look => sum(look) !== total),
      look =>
        `The accounts held ${sum(look)} together; ${accounts} that began with ${balance} hold ${total} at any time.`,
    ),
    ...tell(
      "negative-balance",
      overdraft ? [] : looks.filter(look => of(look).some(one => one < 0)),
      look =>
        `Account ${of(look).findIndex(one => one < 0)} held ${Math.min(...of(look))}; no transfer may take more than there is.`,
    ),
  ];
}

/** Accounts that do not have what the acknowledged transfers left there. A transfer that is unknown may have happened:
 *  each account must be within what these allow, and all accounts together what some of them leave. */
function wrongBalances(
  {operations}: History,
  final: Operation,
  {accounts, balance}: Expected,
): {findings: Finding[]; notes: string[]} {
  const transfers = operations.filter(o => o.kind === "transfer" && o.outcome !== "failed" && o.data);
  const held = final.data as number[];
  const left: number[] = [];
  const findings = held.flatMap((has, account): Finding[] => {
    let [sure, least, most] = [balance, 0, 0];
    for (const {outcome, data} of transfers) {
      const {from, to, amount} = data as Transfer;
      const change = to === account ? amount : from === account ? -amount : 0;
      if (outcome === "ok") sure += change;
      else if (change < 0) least += change;
      else most += change;
    }
    left.push(has - sure);
    if (has >= sure + least && has <= sure + most) return [];
    const give = least || most ? `, and unknown ones can change that by ${least} to +${most}` : "";
    const text = `Account ${account} holds ${has} in the end; the acknowledged transfers make it ${sure}${give}. A transfer was lost or done twice.`;
    return [{anomaly: "wrong-balance", text, operations: [final]}];
  });
  if (findings.length > 0 || held.length !== accounts) return {findings, notes: []};
  const unknown = transfers.filter(o => o.outcome === "unknown");
  const explained = someOf(
    unknown.map(o => o.data as Transfer),
    left,
  );
  if (explained === undefined) {
    const note = `Each account by itself holds what ${unknown.length} unknown transfers allow. Whether some of them explain all accounts together is not known: there are too many choices.`;
    return {findings, notes: [note]};
  }
  if (explained) return {findings, notes: []};
  const text = `The accounts hold ${held.join(", ")} in the end, which no choice of the ${unknown.length} unknown transfers explains, though each account by itself could. Half of a transfer was done, or one was lost or done twice.`;
  return {findings: [{anomaly: "wrong-balance", text, operations: [final, ...unknown.slice(0, mostShown)]}], notes: []};
}
