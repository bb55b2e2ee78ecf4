import {byLooks, type Fault, processNames} from "./fault.ts";

export const kill: Fault = {
  kind: "kill",
  does: "Every process ends without notice; down until healed.",
  passing: false,
  inject: (target, {member, before}) => target.kill(member, before),
  evidence: byLooks((looks, {member}) => {
    if (looks.some(look => look.running)) return undefined;
    return `${member.name}: ${processNames(looks)} ended (exit code ${looks[0]?.exitCode ?? "unknown"}), not started again`;
  }),
  heal: (target, {member}) => target.start(member),
};
