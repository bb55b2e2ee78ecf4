import {kindOf, kinds} from "../../components/kinds.ts";
import {type Role, random} from "../../lib/roles.ts";

/** Every word that a scenario can pick a member by. */
export const picks = [...new Set([...kinds.flatMap(kind => Object.keys(kind.roles)), "random"])] as [
  string,
  ...string[],
];

/** The roles that members of that kind of component have, by their words. */
export function rolesOf(kind: string): Readonly<Record<string, Role>> {
  return {...kindOf(kind).roles, random};
}
