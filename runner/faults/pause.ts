import {processNames} from "../../lib/operation.ts";
import {byLooks, type Fault, goOn} from "./fault.ts";

/** Connections stay open and nobody answers. */
export const pause: Fault = {
  kind: "pause",
  does: "Every process is frozen until healed.",
  passing: false,
  inject: (target, {member}) => target.pause(member),
  evidence: byLooks((looks, {member}) => {
    // The holder of the network only sleeps; frozen or not, it does nothing.
    const doing = looks.filter(look => look.process !== "net");
    if (!doing.every(look => look.running && look.paused)) return undefined;
    return `${member.name}: ${processNames(doing)} frozen`;
  }),
  heal: goOn,
};
