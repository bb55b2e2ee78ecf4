import {clockFile} from "../../lib/clock.ts";
import {showMs} from "../../lib/durations.ts";
import type {Look} from "../../lib/limit.ts";
import {candidates} from "../roles/find.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Victim} from "./fault.ts";
import {clockStep} from "./values.ts";

const limitMs = 5000;
/** Asking takes time, and dates are whole seconds. */
const tolerance = 3000;

/** In members that were made with a clock that can be set: their programs ask a library that reads how far off it is
 *  from a file. */
export const clock: Fault = {
  kind: "clock",
  does: "The member's clock jumps, and jumps back when healed. Its monotonic clock goes on.",
  keys: {by: clockStep.describe("How far, such as -2h or 90s.")},
  passing: false,
  detail: ({by}) => `(${Number(by) < 0 ? "-" : "+"}${showMs(Math.abs(by as number))})`,
  fits(topology, _, where) {
    const without = candidates(topology, where).find(member => !member.handle.clock);
    if (!without) return [];
    return [
      {
        key: "",
        message: `cannot be done to ${without.name}: its clock is the machine's. Make members with one of their own (\`clock: "settable"\`; of the lab: \`./holdfast up lab --config clock=settable\`).`,
      },
    ];
  },
  inject: (target, {member, params}) => set(target, member, params.by as number),
  async evidence(target, {member, params}): Promise<Look<string>> {
    const off = await offset(target, member);
    if (Math.abs(off - (params.by as number)) > tolerance) return {seen: `its clock is off by ${off} ms`};
    return {done: `${member.name}: its clock is off by ${off} ms`};
  },
  async heal(target, {member}) {
    await target.start(member);
    await set(target, member, 0);
  },
  async healed(target, {member}) {
    const off = await offset(target, member);
    return Math.abs(off) > tolerance ? {seen: `its clock is off by ${off} ms`} : {done: true};
  },
};

async function set(target: Target, member: Victim["member"], ms: number): Promise<void> {
  const text = `${ms < 0 ? "-" : "+"}${Math.abs(ms) / 1000}`;
  // In one move: programs read it at any moment.
  const script = `printf '%s\\n' "$1" >${clockFile}.new && mv ${clockFile}.new ${clockFile}`;
  const {code, stderr} = await target.exec(member, ["sh", "-c", script, "sh", text], limitMs);
  if (code !== 0)
    throw new Error(`${member.name}: its clock could not be set: ${stderr.trim() || `exit code ${code}`}`);
}

/** How far the member's clock is from this machine's, in milliseconds. */
async function offset(target: Target, member: Victim["member"]): Promise<number> {
  const {stdout} = await target.exec(member, ["date", "+%s%3N"], limitMs);
  return Number(stdout) - Date.now();
}
