import {allRun, type Fault, processNames} from "./fault.ts";

/** Every process of the member ends without notice, at the same time, and stays down. */
export const kill: Fault = {
  kind: "kill",
  passing: false,
  inject: (target, {member}) => target.kill(member),
  evidence(looks, {member}) {
    if (looks.some(look => look.running)) return undefined;
    return `${member.name}: ${processNames(looks)} ended (exit code ${looks[0]?.exitCode ?? "unknown"}), not started again`;
  },
  heal: (target, member) => target.start(member),
  healed: allRun,
};
