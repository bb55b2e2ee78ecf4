import {firstLine} from "../../lib/problems.ts";
import {state} from "./state.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {positiveDuration} from "../../runner/scenario/values.ts";
import type {Target} from "../../runner/targets/target.ts";
import type {Fault, Hit} from "../../runner/faults/fault.ts";

const askMs = 5000;
/** Where the programs that move an address are. */
const beside = "keepalived";

const othersOf = ({params}: Hit) => params.others as TopologyMember[];

/** How an address is moved on purpose: `holdfast-move`, docs/virtualip.md. */
export const move: Fault = {
  kind: "move",
  does: "The virtual address goes to another member on purpose; sessions that are open stay where they are until they end. Ends by itself.",
  keys: {
    within: positiveDuration
      .default(15_000)
      .describe("How long open sessions may go on at the old holder; those that are left are cut. Default 15s."),
  },
  passing: true,
  ofPlatform: false,
  injectMs: params => Number(params.within) + 4 * askMs,
  fits: (topology, _, where) =>
    "component" in where && topology.components.find(c => c.name === where.component)?.kind === "virtualip"
      ? []
      : [{key: "component", message: "is not an address. It takes a virtual IP, with `pick: holder`."}],
  plan: (members, {params}) =>
    members.map(({component, member}) => ({
      member,
      params: {...params, others: component.members.filter(other => other.name !== member.name)},
    })),
  async inject(target, victim) {
    const seconds = Math.ceil(Number(victim.params.within) / 1000);
    const here = victim.member.addresses.front!;
    const others = othersOf(victim);
    await Promise.all(others.map(other => run(target, other, ["adopt", here, String(seconds + 5)])));
    try {
      await run(target, victim.member, ["leave", String(seconds)], seconds * 1000 + askMs);
    } finally {
      await Promise.all(others.map(other => run(target, other, ["settle"])));
    }
  },
  async evidence(target, victim) {
    const holds = async (member: TopologyMember) =>
      state.parse(await target.exec(member, state.command, askMs)).detail.holds === true;
    if (await holds(victim.member)) return {seen: `${victim.member.name} holds the address`};
    for (const other of othersOf(victim))
      if (await holds(other)) return {done: `${victim.member.name} gave the address to ${other.name}`};
    return {seen: "nobody holds the address"};
  },
  async heal(target, hit) {
    // What a run that died left behind ends by itself; this only hastens it.
    await Promise.all(othersOf(hit).map(other => run(target, other, ["settle"]).catch(() => {})));
  },
};

async function run(target: Target, member: TopologyMember, args: string[], limitMs = askMs): Promise<void> {
  const command = ["holdfast-move", ...args];
  const {code, stderr} = await target.exec(member, command, limitMs, beside);
  if (code !== 0)
    throw new Error(`\`${command.join(" ")}\` of ${member.name} ended with ${code}: ${firstLine(stderr.trim())}`);
}
