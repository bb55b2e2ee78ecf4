import type {Look} from "../../lib/limit.ts";
import {processNames} from "../../lib/operation.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {candidates} from "../roles/find.ts";
import {allRun, type Fault, goOn, untilStarted, type Victim} from "./fault.ts";

/** A process that is killed loses nothing that it gave to the kernel; a machine without power loses all of it that was
 *  not synced. Only where the kernel can be told so: a disk that is a loop device. A member that keeps nothing has
 *  nothing more to lose than its processes. */
export const power: Fault = {
  kind: "power",
  does: "Every process ends without notice, and the member's disk loses what was not synced; down until healed.",
  passing: false,
  fits(topology, _, where) {
    const machine = candidates(topology, where).find(member => !losesPower(member));
    if (!machine) return [];
    const disk = machine.handle.disk ? "is made of memory, which would lose everything" : "is the machine's";
    const message = `cannot be done to ${machine.name}: its disk ${disk}. Give members a disk that can lose its power (\`disk: "loop"\`; of the lab: \`./holdfast up lab --config disk=loop\`).`;
    return [{key: "", message}];
  },
  async able(target, members) {
    for (const member of members.filter(hasDisk)) {
      const why = await target.whyNoPowerCut(member);
      if (why) return why;
    }
    return undefined;
  },
  aim: async (_, {member}) => ({member, ...(hasDisk(member) ? {power: true} : {})}),
  // Where there is no burst: what is frozen writes nothing more, and dies frozen.
  hold: (target, {member}) => target.pause(member),
  async inject(target, victim) {
    told.set(victim, victim.shot?.from ?? Date.now());
    await target.kill(victim.member);
    if (hasDisk(victim.member)) await target.cutPower(victim.member);
  },
  async evidence(target, victim): Promise<Look<string>> {
    const {member} = victim;
    const looks = await target.look(member);
    if (looks.some(look => look.running)) return {seen: "its processes run as before"};
    const ended = `${member.name}: ${processNames(looks)} ended`;
    if (!hasDisk(member)) return {done: `${ended}; it keeps nothing`};
    const off = await target.powerOff(member);
    if (off === undefined) return {seen: `${ended}, and its disk has its power`};
    const began = told.get(victim);
    const after = began === undefined ? "" : ` ${Math.max(0, off - began).toFixed(1)} ms later`;
    return {done: `${ended}, its disk lost its power${after}`};
  },
  async heal(target, hit) {
    const {member} = hit;
    if (hasDisk(member) && (await target.powerOff(member)) !== undefined) {
      // Whatever is left of it would keep the old file system, which takes nothing any more.
      await target.kill(member);
      await target.restorePower(member);
    }
    await goOn(target, hit);
  },
  async healed(target, hit) {
    if (hasDisk(hit.member) && (await target.powerOff(hit.member)) !== undefined)
      return {seen: "its disk has no power"};
    return allRun(target, hit);
  },
  ...untilStarted,
};

const hasDisk = ({handle}: TopologyMember) => handle.disk?.kind === "loop";
const losesPower = (member: TopologyMember) => hasDisk(member) || member.handle.volatile === true;

/** When the first process was told to end, Unix milliseconds. */
const told = new WeakMap<Victim, number>();
