import {butNot, holdersOf, type Role, statesOf} from "../../lib/roles.ts";

/** The member that takes the writes: the one that the proxy which holds the virtual address sends clients to. Without
 *  a proxy, the one that says so itself. */
export const writer: Role = {
  idle: false,
  toldByOthers: true,
  async find(asking, component) {
    const seen: string[] = [];
    for (const before of asking.frontEnds) {
      const {proxy, frontEnd, is} = before;
      const {holders, seen: states} = await holdersOf(asking, before);
      for (const {member, state} of holders) {
        const name = is.writerAt(state, frontEnd);
        const found = component.members.find(m => m.name === name);
        if (found) return {member: found};
        seen.push(`${member.name} sends ${frontEnd} to ${name ?? "nobody"}`);
      }
      if (holders.length === 0) seen.push(`nobody holds the address of ${proxy.name}: ${states}`);
    }
    const own = (await statesOf(asking, component)).filter(answer => answer.state.roles.includes("writer"));
    if (own.length === 1) return {member: own[0]!.member};
    return {seen: seen.join("; ") || "no proxy in front of it, and no member says that it takes the writes"};
  },
};

/** Clients of a single writer have no session with it. */
export const reader = butNot(writer, {idle: true});
