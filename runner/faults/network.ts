import type {Look} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Hit} from "./fault.ts";
import {ableScript} from "./nft.ts";

/** What faults of a member's network have in common. */

const limitMs = 10_000;

/** What is seen where rules should be. */
export const gone = "its rules are not there; where its network was made anew, they went with the old one";

/** Runs a script in the member's network; throws with what it said when it fails. */
export async function change(target: Target, member: TopologyMember, script: string): Promise<void> {
  const {code, stderr} = await target.inNetwork(member, script, limitMs);
  if (code !== 0)
    throw new Error(
      `${member.name}: its network could not be changed: ${firstLine(stderr.trim() || `exit code ${code}`)}`,
    );
}

/** The same; gives what was printed, or undefined where it failed. */
export async function ask(target: Target, member: TopologyMember, script: string): Promise<string | undefined> {
  const {code, stdout} = await target.inNetwork(member, script, limitMs);
  return code === 0 ? stdout : undefined;
}

/** Undoes it by the script. A member without a network has lost what was done to it: it gets a new one when it
 *  starts. */
export function undoBy(script: (params: Hit["params"]) => string): Fault["heal"] {
  return async (target, {member, params}) => {
    if (await target.hasNetwork(member)) await change(target, member, script(params));
  };
}

/** Undone when the script finds nothing any more. */
export function goneBy(script: (params: Hit["params"]) => string, what: string): NonNullable<Fault["healed"]> {
  return async (target, {member, params}): Promise<Look<true>> => {
    if (!(await target.hasNetwork(member))) return {done: true};
    return (await ask(target, member, script(params))) === undefined ? {done: true} : {seen: what};
  };
}

/** Whether the kernel has what the rules need. */
export const ableRules: NonNullable<Fault["able"]> = target =>
  kernelCan(
    target,
    ableScript,
    "filter packets where they leave a device (nf_tables with netdev egress, Linux 5.16 or later)",
  );

/** Why the kernel cannot do what the script tries; undefined when it can. */
export async function kernelCan(target: Target, script: string, what: string): Promise<string | undefined> {
  const {code, stderr} = await target.tryNetwork(script, limitMs);
  if (code === 0) return undefined;
  return `The kernel here cannot ${what}: ${firstLine(stderr.trim() || `exit code ${code}`)}.`;
}

/** Starts the helpers ahead, so that the injection is instant. */
export const prepareNetwork: NonNullable<Fault["prepare"]> = async (target, members) => {
  await Promise.all(members.map(member => target.prepareNetwork(member)));
};
