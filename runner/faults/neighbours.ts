import type {Look} from "../../lib/limit.ts";
import {count} from "../scenario/values.ts";
import type {Fault, Hit} from "./fault.ts";

/** Processor time that each neighbour must have used before it counts as there, in milliseconds. */
const noticeableMs = 200;
const idOf = ({params}: Pick<Hit, "params">) => params.id as string;

export const neighbours: Fault = {
  kind: "neighbours",
  does: "Processes that have nothing to do with the stack keep so many cores of the member's machine busy, until healed.",
  keys: {cores: count(1, 64).describe("How many cores.")},
  passing: false,
  burdensMachine: true,
  detail: ({cores}) => `(${cores} cores)`,
  plan: (placed, {id, params}) => placed.map(({member}) => ({member, params: {...params, id: `${id}-${member.name}`}})),
  inject: (target, {member, params}) => target.keepBusy(member, idOf({params}), Number(params.cores)),
  async evidence(target, victim): Promise<Look<string>> {
    const used = await target.busyMs(idOf(victim));
    const {cores} = victim.params;
    if (used.length < Number(cores)) return {seen: `${used.length} of ${cores} neighbours run`};
    const least = Math.min(...used);
    if (least < noticeableMs) return {seen: `a neighbour has had ${Math.round(least)} ms of the processor so far`};
    return {
      done: `beside ${victim.member.name}: ${cores} neighbours, each with ${Math.round(least)} ms of the processor so far`,
    };
  },
  heal: (target, hit) => target.endBusy(idOf(hit)),
  async healed(target, hit) {
    const left = await target.busyMs(idOf(hit));
    return left.length > 0 ? {seen: `${left.length} neighbours still run`} : {done: true};
  },
};
