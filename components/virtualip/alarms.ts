import type {Agreeing, Said} from "../../lib/kind.ts";
import {holds} from "./roles.ts";

/** Who has the address must be one. */
export function alarms({name, members}: Agreeing, states: readonly Said[]): string[] {
  const own = states.filter(({member}) => members.some(m => m.name === member));
  const holders = own.filter(({state}) => holds(state)).map(({member}) => member);
  if (holders.length > 1) return [`${name}: ${holders.join(" and ")} hold the address at the same time.`];
  return holders.length === 0 && own.length > 0 ? [`${name}: nobody holds the address.`] : [];
}
