import type {Asking} from "../../lib/roles.ts";
import {askState} from "../members.ts";
import type {RunContext} from "../phases/context.ts";

/** Longest wait for one member's answer. */
const limitMs = 5000;

/** How a run finds who has a role: by asking the members. `queues`: those that its loads have at a component. */
export function askingOf(
  {target, topology, random}: Pick<RunContext, "target" | "topology" | "random">,
  queues: Asking["queues"],
): Asking {
  return {
    topology,
    random,
    state: placed => askState(target, placed, limitMs),
    ask: async (member, question) => {
      const output = await target.exec(member, question.command, limitMs).catch(() => undefined);
      return output && question.parse(output);
    },
    queues,
  };
}
