import type {TopologyComponent} from "../../lib/topology.ts";
import type {Asking, Role} from "../../lib/roles.ts";

/** The member that has the virtual address. */
export const holder: Role = {
  pick: "holder",
  kinds: ["virtualip"],
  async find(asking, component) {
    const {holders, seen} = await holdersOf(asking, component);
    if (holders.length === 1) return {member: holders[0]!.member};
    return {seen: holders.length === 0 ? `nobody holds the address: ${seen}` : `two hold the address: ${seen}`};
  },
};

/** Members that hold the address, with what they know of the servers behind them. */
export async function holdersOf(asking: Asking, component: TopologyComponent) {
  const answers = await Promise.all(
    component.members.map(async member => ({member, state: await asking.state({component, member})})),
  );
  return {
    holders: answers.filter(answer => answer.state.detail.holds === true),
    seen: answers.map(({member, state}) => `${member.name}: ${state.state}`).join("; "),
  };
}
