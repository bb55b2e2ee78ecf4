import type {Look} from "../limit.ts";
import {oneOf} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Hit, Victim} from "./fault.ts";
import {ableRules, ask, change, goneBy, prepareNetwork, undoBy} from "./network.ts";
import {applyScript, type Direction, droppedOf, listScript, removeScript} from "./nft.ts";
import {percent} from "./values.ts";

interface Losing {
  table: string;
  percent: number;
  direction: Direction;
}
const losing = ({params}: Pick<Hit, "params">) => params as unknown as Losing;

/** How many packets must be gone before it counts as shown: one may be gone by any other reason. */
const enough = 3;

export const loss: Fault = {
  kind: "loss",
  does: "A share of the packets of the member is lost, at random, until healed.",
  keys: {
    percent: percent.describe("Share of packets that are lost, 1 to 99, in each direction."),
    direction: oneOf(["both", "in", "out"])
      .default("both")
      .describe("Packets that it receives, sends, or both. Default both."),
  },
  passing: false,
  detail: ({percent, direction}) => `(${percent} %${direction === "both" ? "" : ` ${direction}`})`,
  able: ableRules,
  prepare: prepareNetwork,
  plan: (placed, {id, params}) => placed.map(({member}) => ({member, params: {...params, table: `holdfast_${id}`}})),
  inject(target, victim) {
    const {table, percent, direction} = losing(victim);
    const rules = [`numgen random mod 100 < ${percent}`];
    return change(
      target,
      victim.member,
      applyScript({table, in: direction === "out" ? [] : rules, out: direction === "in" ? [] : rules}),
    );
  },
  evidence,
  heal: undoBy(params => removeScript(losing({params}).table)),
  healed: goneBy(params => listScript(losing({params}).table), "its rules are still there"),
};

/** Counters alone: which packets are lost is up to chance. */
async function evidence(target: Target, victim: Victim): Promise<Look<string>> {
  const {table} = losing(victim);
  const listed = await ask(target, victim.member, listScript(table));
  if (listed === undefined)
    return {seen: "its rules are not there; where its network was made anew, they went with the old one"};
  const packets = droppedOf(listed).reduce((sum, rule) => sum + rule.packets, 0);
  return packets < enough
    ? {seen: `${packets} packets lost`}
    : {done: `${victim.member.name}: ${packets} packets lost so far`};
}
