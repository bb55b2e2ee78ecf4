import {showMs} from "../../lib/durations.ts";
import type {Look} from "../../lib/limit.ts";
import {duration, positiveDuration} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Victim} from "./fault.ts";
import {ask, change, goneBy, kernelCan, prepareNetwork, undoBy} from "./network.ts";
import {pokeScript, shapedOf, shapedScript, shapeScript, showScript, tryScript, unshapeScript} from "./tc.ts";

type Params = Victim["params"];

const discipline = ({delay, jitter}: Params) => `netem delay ${delay}ms${jitter ? ` ${jitter}ms` : ""}`;

export const latency: Fault = {
  kind: "latency",
  does: "What the member sends is on its way longer, until healed.",
  keys: {
    delay: positiveDuration.describe("How much longer."),
    jitter: duration.optional().describe("How much more or less than that, at random."),
  },
  passing: false,
  detail: ({delay, jitter}) => `(${showMs(delay as number)}${jitter ? ` ± ${showMs(jitter as number)}` : ""})`,
  able: (target, _, params) =>
    kernelCan(
      target,
      tryScript(discipline(params)),
      "delay packets (tc netem; module sch_netem). `via: {latency: ...}` of a workload puts a slow proxy before its endpoint instead",
    ),
  prepare: prepareNetwork,
  inject: (target, {member, params}) => change(target, member, shapeScript(discipline(params))),
  evidence,
  heal: undoBy(() => unshapeScript),
  healed: goneBy(() => shapedScript, "its packets are still delayed"),
};

async function evidence(target: Target, {member, params}: Victim): Promise<Look<string>> {
  const shaped = shapedOf((await ask(target, member, showScript)) ?? "");
  const packets = shaped.reduce((sum, s) => sum + s.packets, 0);
  if (shaped.length === 0) return {seen: "its packets are not delayed"};
  if (packets === 0) {
    await ask(target, member, pokeScript);
    return {seen: "nothing was sent with a delay yet"};
  }
  return {done: `${member.name}: ${packets} packets sent ${showMs(params.delay as number)} later`};
}
