import {processNames} from "../../lib/operation.ts";
import {byLooks, type Fault, goOn, untilStarted} from "./fault.ts";
import {returning} from "./return.ts";

export const kill: Fault = {
  kind: "kill",
  does: "Every process ends without notice; down until healed.",
  passing: false,
  ...returning,
  aim: async (_, {member}) => ({member}),
  ...returning,
  // To kill two members takes a platform 0.2 s on busy cores: the first would be seen to be dead by the second. What is
  // frozen dies frozen.
  hold: (target, {member}) => target.pause(member),
  inject: (target, {member}) => target.kill(member),
  evidence: byLooks((looks, {member}) => {
    if (looks.some(look => look.running)) return undefined;
    return `${member.name}: ${processNames(looks)} ended (exit code ${looks[0]?.exitCode ?? "unknown"}), not started again`;
  }),
  heal: goOn,
  ...untilStarted,
};
