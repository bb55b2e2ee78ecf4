import type {Look} from "../../lib/limit.ts";
import {oneOf} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Hit, NetworkScripts, Victim} from "./fault.ts";
import {ableRules, ask, change, gone, goneBy, prepareNetwork, undoBy} from "./network.ts";
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
  inNetwork: scriptsOf,
  inject: (target, victim) => change(target, victim.member, scriptsOf(victim).apply),
  evidence,
  heal: undoBy(params => removeScript(losing({params}).table)),
  healed: goneBy(params => listScript(losing({params}).table), "its rules are still there"),
};

function scriptsOf(hit: Hit): NetworkScripts {
  const {table, percent, direction} = losing(hit);
  const rules = [`numgen random mod 100 < ${percent}`];
  return {
    apply: applyScript({table, in: direction === "out" ? [] : rules, out: direction === "in" ? [] : rules}),
    provoke: "true",
    show: listScript(table),
    undo: removeScript(table),
    judge: listed => judge(hit, listed),
  };
}

async function evidence(target: Target, victim: Victim): Promise<Look<string>> {
  const {show, judge} = scriptsOf(victim);
  return judge((await ask(target, victim.member, show)) ?? "");
}

/** Counters alone: which packets are lost is up to chance. */
function judge({member}: Hit, listed: string): Look<string> {
  if (!listed) return {seen: gone};
  const packets = droppedOf(listed).reduce((sum, rule) => sum + rule.packets, 0);
  return packets < enough
    ? {seen: `${packets} packets lost`}
    : {done: `${member.name}: ${packets} packets lost so far`};
}
