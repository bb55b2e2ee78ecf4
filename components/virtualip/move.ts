import type {Hands, Operation, Work} from "../../lib/operation.ts";
import {firstLine} from "../../lib/problems.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {holds} from "./roles.ts";
import {state} from "./state.ts";

const askMs = 5000;
/** Where the programs that move an address are. */
const beside = "keepalived";

/** How an address is moved on purpose: `holdfast-move`, docs/virtualip.md. */
export const move: Operation = {
  name: "move",
  does: "The virtual address goes to another member on purpose; sessions that are open stay where they are until they end. Ends by itself.",
  options: {
    within: {
      defaultMs: 15_000,
      text: "How long open sessions may go on at the old holder; those that are left are cut. Default 15s.",
    },
  },
  passing: true,
  takes: "component",
  elsewhere: "is not an address. It takes a virtual IP, with `pick: holder`.",
  limitMs: ({within}) => Number(within) + 4 * askMs,
  async run(hands, {member, others, options}) {
    const seconds = Math.ceil(Number(options.within) / 1000);
    const here = member.addresses.front!;
    await Promise.all(others.map(other => tell(hands, other, ["adopt", here, String(seconds + 5)])));
    try {
      await tell(hands, member, ["leave", String(seconds)], seconds * 1000 + askMs);
    } finally {
      await Promise.all(others.map(other => tell(hands, other, ["settle"])));
    }
  },
  async evidence(hands, {member, others}: Work) {
    const has = async (one: TopologyMember) => holds(state.parse(await hands.exec(one, state.command, askMs)));
    if (await has(member)) return {seen: `${member.name} holds the address`};
    for (const other of others) if (await has(other)) return {done: `${member.name} gave the address to ${other.name}`};
    return {seen: "nobody holds the address"};
  },
  async end(hands, {others}) {
    // What a run that died left behind ends by itself; this only hastens it.
    await Promise.all(others.map(other => tell(hands, other, ["settle"]).catch(() => {})));
  },
};

async function tell(hands: Hands, member: TopologyMember, args: string[], limitMs = askMs): Promise<void> {
  const command = ["holdfast-move", ...args];
  const {code, stderr} = await hands.exec(member, command, limitMs, beside);
  if (code !== 0)
    throw new Error(`\`${command.join(" ")}\` of ${member.name} ended with ${code}: ${firstLine(stderr.trim())}`);
}
