import {butNot, type Role, statesOf} from "../../lib/roles.ts";
import type {MemberState} from "../../lib/state/state.ts";

/** Whether a member has the virtual address, by its state. */
export const holds = ({detail}: Pick<MemberState, "detail">): boolean => detail.holds === true;

/** The member that has the virtual address. */
export const holder: Role = {
  idle: false,
  toldByOthers: false,
  async find(asking, component) {
    const answers = await statesOf(asking, component);
    const holders = answers.filter(({state}) => holds(state));
    if (holders.length === 1) return {member: holders[0]!.member};
    const seen = answers.map(({member, state}) => `${member.name}: ${state.state}`).join("; ");
    return {seen: holders.length === 0 ? `nobody holds the address: ${seen}` : `two hold the address: ${seen}`};
  },
};

/** Clients have nothing to do with it. */
export const backup = butNot(holder, {idle: true});
