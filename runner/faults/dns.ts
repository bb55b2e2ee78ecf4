import type {Look} from "../../lib/limit.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Hit, Victim} from "./fault.ts";
import {ask, change, goneBy, kernelCan, prepareNetwork, undoBy} from "./network.ts";

/** The resolver that the engine gives to every member; it is reached over the loopback. */
const resolver = "127.0.0.11";
const table = ({params}: Pick<Hit, "params">) => params.table as string;

/** Answers of the resolver never arrive, so that questions end in a timeout, as with a resolver that is gone. */
const rules = (name: string) =>
  [
    "nft -f - <<END",
    `table inet ${name} {`,
    "  chain in {",
    "    type filter hook input priority -300;",
    `    ip saddr ${resolver} counter drop`,
    "  }",
    "}",
    "END",
  ].join("\n");

export const dns: Fault = {
  kind: "dns",
  does: "The resolver of the stack does not answer the member any more, until healed.",
  passing: false,
  async able(target, members) {
    const cannot = await kernelCan(target, rules("holdfast_try"), "filter packets (nf_tables)");
    if (cannot) return cannot;
    for (const member of members) {
      await target.prepareNetwork(member);
      if (!(await resolves(target, member)))
        return `${member.name} has no resolver at ${resolver} that knows its own name, so there is nothing to take away.`;
    }
    return undefined;
  },
  prepare: prepareNetwork,
  plan: (placed, {id}) => placed.map(({member}) => ({member, params: {table: `holdfast_${id}`}})),
  inject: (target, victim) => change(target, victim.member, rules(table(victim))),
  async evidence(target, victim): Promise<Look<string>> {
    if ((await ask(target, victim.member, listed(table(victim)))) === undefined)
      return {seen: "its rules are not there"};
    if (await resolves(target, victim.member)) return {seen: "its names still resolve"};
    return {done: `${victim.member.name}: a name that resolved before does not any more`};
  },
  heal: undoBy(
    params =>
      `nft list table inet ${table({params})} >/dev/null 2>&1 || exit 0; nft delete table inet ${table({params})}`,
  ),
  healed: goneBy(params => listed(table({params})), "its rules are still there"),
};

const listed = (name: string) => `nft list table inet ${name} 2>/dev/null || exit 4`;

/** Asks for the name that the engine itself gives to the member; one question, given up after a second. */
async function resolves(target: Target, member: Victim["member"]): Promise<boolean> {
  const name = target.nameOnNetwork(member);
  const found = await ask(target, member, `RES_OPTIONS="timeout:1 attempts:1" timeout 3 getent hosts ${name}`);
  return found !== undefined;
}
