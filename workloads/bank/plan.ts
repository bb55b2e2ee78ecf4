import type {WorkloadOrder} from "../../lib/workload.ts";
import {dice} from "../client/random.ts";

/** Moves `amount` from one account to another. */
export interface Transfer {
  from: number;
  to: number;
  amount: number;
}

const mostMoved = 5;

/** Transfer `n` of a client, or undefined where it reads all accounts instead. Follows from the order alone. */
export function transferOf(order: WorkloadOrder, client: number, n: number): Transfer | undefined {
  const {accounts, readEvery} = order.options;
  if ((n + client) % Number(readEvery) === 0) return undefined;
  const next = dice(order.seed, client, n);
  const from = next() % Number(accounts);
  const to = (from + 1 + (next() % (Number(accounts) - 1))) % Number(accounts);
  return {from, to, amount: 1 + (next() % mostMoved)};
}
