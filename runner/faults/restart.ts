import {byLooks, type Fault} from "./fault.ts";

export const restart: Fault = {
  kind: "restart",
  does: "Every process ends in good order and is started again at once.",
  passing: true,
  inject: (target, {member}) => target.restart(member),
  evidence: byLooks((looks, {member, before}) => {
    // The holder of the network goes on, as a host does when its services are restarted.
    const doing = before.filter(look => look.process !== "net");
    const again = doing.every(was => looks.find(l => l.process === was.process)?.incarnation !== was.incarnation);
    return again ? `${member.name}: ${doing.map(l => l.process).join(" and ")} started anew` : undefined;
  }),
  heal: (target, {member}) => target.start(member),
};
