import {pickFree, type Role} from "./role.ts";
import {writer} from "./writer.ts";

/** A member of a Galera cluster that does not take the writes; which one, by the run's seed. */
export const reader: Role = {
  pick: "reader",
  kinds: ["galera"],
  async find(asking, component) {
    const found = await writer.find(asking, component);
    if ("seen" in found) return found;
    const others = component.members.filter(m => m !== found.member);
    return others.length > 0 ? pickFree(asking, others) : {seen: "there is only one member"};
  },
};
