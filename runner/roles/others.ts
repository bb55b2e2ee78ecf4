import type {Pick} from "../scenario/scenario.ts";
import {holder} from "../../components/virtualip/roles.ts";
import {leader} from "../../components/rabbitmq/roles.ts";
import {pickFree, type Role} from "../../lib/roles.ts";
import {writer} from "../../components/galera/roles.ts";

/** A member that does not have that role; which one, by the run's seed. */
const butNot = (role: Role, pick: Pick): Role => ({
  pick,
  kinds: role.kinds,
  async find(asking, component) {
    const found = await role.find(asking, component);
    if ("seen" in found) return found;
    const others = component.members.filter(m => m !== found.member);
    return others.length > 0 ? pickFree(asking, others) : {seen: "there is only one member"};
  },
});

export const reader = butNot(writer, "reader");
export const follower = butNot(leader, "follower");
export const backup = butNot(holder, "backup");
