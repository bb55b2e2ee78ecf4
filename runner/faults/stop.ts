import {processNames} from "../../lib/operation.ts";
import {byLooks, type Fault, untilStarted} from "./fault.ts";
import {returning} from "./return.ts";

export const stop: Fault = {
  kind: "stop",
  does: "Every process ends in good order; down until healed.",
  passing: false,
  ...returning,
  inject: (target, {member}) => target.stop(member),
  evidence: byLooks((looks, {member}) => {
    if (looks.some(look => look.running)) return undefined;
    return `${member.name}: ${processNames(looks)} stopped (exit code ${looks[0]?.exitCode ?? "unknown"})`;
  }),
  heal: (target, {member}) => target.start(member),
  ...untilStarted,
};
