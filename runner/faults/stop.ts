import {allRun, type Fault, processNames} from "./fault.ts";

/** Every process of the member ends in good order and stays down. */
export const stop: Fault = {
  kind: "stop",
  passing: false,
  inject: (target, {member}) => target.stop(member),
  evidence(looks, {member}) {
    if (looks.some(look => look.running)) return undefined;
    return `${member.name}: ${processNames(looks)} stopped (exit code ${looks[0]?.exitCode ?? "unknown"})`;
  },
  heal: (target, member) => target.start(member),
  healed: allRun,
};
