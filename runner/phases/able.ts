import {showMs} from "../../lib/durations.ts";
import {firstLine} from "../../lib/problems.ts";
import {Random} from "../../lib/random.ts";
import {toleranceMs} from "../../lib/result.ts";
import type {Asking} from "../../lib/roles.ts";
import {describeFault} from "../faults/describe.ts";
import {passes} from "../faults/fault.ts";
import {faultOf} from "../faults/registry.ts";
import {candidates, findRole} from "../roles/find.ts";
import type {FaultPlan, Where} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";

/** What is wrong with the steps of a scenario on this machine, found out before the load. Its message has every
 *  problem. */
export class UnableError extends Error {
  override name = "UnableError";
}

/** Asks for every step whether the machine can do it and whether somebody has the roles that it names, and makes ready
 *  what it needs. */
export async function makeAble(context: RunContext, plans: readonly FaultPlan[], asking: Asking): Promise<void> {
  const problems: string[] = [];
  for (const plan of plans) {
    const trouble = (await whyNot(context, plan)) ?? (await nobody(context, plan.where, asking));
    if (trouble) problems.push(`The fault "${describeFault(plan)}" cannot be injected here. ${trouble}`);
  }
  for (const plan of plans) sayShortest(context, plan);
  if (problems.length > 0) throw new UnableError([...new Set(problems)].join(" "));
}

async function whyNot({target, topology}: RunContext, {kind, where, params}: FaultPlan): Promise<string | undefined> {
  const fault = faultOf(kind);
  const members = candidates(topology, where);
  try {
    const why = await fault.able?.(target, members, params);
    if (!why) await fault.prepare?.(target, members, params, topology);
    return why;
  } catch (error) {
    return firstLine(error);
  }
}

/** What cannot last as short a time as it is asked to, by how long starts take at the moment. */
function sayShortest({target, topology, progress}: RunContext, plan: FaultPlan): void {
  const fault = faultOf(plan.kind);
  if (passes(fault, plan.params) || !fault.shortestMs) return;
  const shortest = Math.max(...candidates(topology, plan.where).map(member => fault.shortestMs!(target, member)));
  if (shortest - plan.forMs <= toleranceMs(plan.forMs)) return;
  progress.say(
    `"${describeFault(plan)}" cannot last ${showMs(plan.forMs)} here: ${showMs(shortest)} is the shortest, because that is how long starting a member takes.`,
  );
}

/** A role that nobody has before anything was done will hardly be had later. */
async function nobody({random}: RunContext, where: Where, asking: Asking): Promise<string | undefined> {
  const roles = "zoneOf" in where ? where.zoneOf : "pick" in where ? [where] : [];
  // Looking must not change what the seed picks when it counts.
  const aside = {...asking, random: new Random(random.seed)};
  for (const {component, pick} of roles) {
    if (pick === "random") continue;
    try {
      await findRole(aside, component, pick);
    } catch (error) {
      return firstLine(error);
    }
  }
  return undefined;
}
