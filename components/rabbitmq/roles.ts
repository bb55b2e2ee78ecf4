import {butNot, type Role, statesOf} from "../../lib/roles.ts";
import {queueLeader} from "./state.ts";

/** The member that leads the queue of this run's load; without such a load, the one that leads most queues. */
export const leader: Role = {
  idle: false,
  toldByOthers: false,
  async find(asking, component) {
    const queues = asking.queues(component.name);
    for (const {queue, vhost} of queues) {
      for (const member of component.members) {
        const name = await asking.ask(member, queueLeader(queue, vhost));
        const found = component.members.find(m => m.name === name);
        if (found) return {member: found};
      }
    }
    if (queues.length > 0) return {seen: `no member knows the leader of ${queues.map(q => q.queue).join(", ")}`};
    const counts = (await statesOf(asking, component)).map(({member, state}) => ({member, led: led(state.roles)}));
    const most = counts.sort((a, b) => b.led - a.led)[0];
    return most && most.led > 0 ? {member: most.member} : {seen: "no member leads a queue"};
  },
};

export const follower = butNot(leader, {idle: false});

function led(roles: readonly string[]): number {
  return Math.max(0, ...roles.map(role => Number(/^leader:(\d+)$/.exec(role)?.[1] ?? 0)));
}
