import type {Look} from "../../lib/limit.ts";
import {bitsPerSecond} from "../../lib/rates.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Victim} from "./fault.ts";
import {ask, change, goneBy, kernelCan, prepareNetwork, undoBy} from "./network.ts";
import {pokeScript, shapedOf, shapedScript, shapeScript, showScript, tryScript, unshapeScript} from "./tc.ts";
import {linkRate} from "./values.ts";

/** Token bucket: bursts of 10 ms at the rate, at least one packet of the usual size with room; a queue of 400 ms, then
 *  packets are lost. */
function discipline(rate: string): string {
  const burst = Math.max(4096, Math.round(bitsPerSecond(rate)! / 8 / 100));
  return `tbf rate ${rate} burst ${burst} latency 400ms`;
}

export const slowLink: Fault = {
  kind: "slow-link",
  does: "What the member sends passes at that rate and no faster, on each of its networks, until healed.",
  keys: {rate: linkRate.describe("Bits a second, such as 1mbit.")},
  passing: false,
  detail: ({rate}) => `(${rate})`,
  able: (target, _, {rate}) =>
    kernelCan(target, tryScript(discipline(rate as string)), "limit the rate of a device (tc tbf)"),
  prepare: prepareNetwork,
  inject: (target, {member, params}) => change(target, member, shapeScript(discipline(params.rate as string))),
  evidence,
  heal: undoBy(() => unshapeScript),
  healed: goneBy(() => shapedScript, "its link is still slow"),
};

/** The kernel has the discipline and counts what goes through it. How much must wait depends on how much there is to
 *  send. */
async function evidence(target: Target, {member, params}: Victim): Promise<Look<string>> {
  const shown = await ask(target, member, showScript);
  const shaped = shapedOf(shown ?? "");
  if (shaped.length === 0) return {seen: "its link is as fast as before"};
  const [packets, waited] = [
    shaped.reduce((sum, s) => sum + s.packets, 0),
    shaped.reduce((sum, s) => sum + s.overlimits, 0),
  ];
  if (packets === 0) {
    await ask(target, member, pokeScript);
    return {seen: "nothing was sent through the slow link yet"};
  }
  return {done: `${member.name}: ${packets} packets sent at ${params.rate}, ${waited} times one had to wait`};
}
