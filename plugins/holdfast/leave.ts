import type {ResourceType} from "../base/resource.ts";
import {engine, find} from "../docker/client.ts";
import {run} from "../docker/exec.ts";

const defaultTimeout = 60_000;

/** Set to `off` where the whole stack goes: nobody is left who must forget. */
const override = "HOLDFAST_LEAVE";

/** Depends on a member, so it is deleted before the member is: then the member leaves its cluster in good order, by a
 *  command of its own. Where the member is down, one of the others is told to forget it. A member that is only replaced
 *  keeps its place. */
export const leave: ResourceType = {
  token: "holdfast:docker:Leave",
  summary: "Takes a member out of its cluster before the member is removed for good.",
  inputs: {
    member: {shape: "string", required: true},
    container: {shape: "string", required: true},
    /** Run in the member itself. */
    command: {shape: {list: "string"}, required: true},
    /** The others, in the order in which they are told when the member is down. */
    others: {shape: {list: "string"}, required: true},
    /** Run in one of the others. */
    forget: {shape: {list: "string"}, required: true},
    timeoutMs: {shape: "integer", default: defaultTimeout},
  },
  outputs: {},

  async create(context) {
    return {id: context.name, outputs: {}};
  },

  async read(_context, id, inputs) {
    return inputs && {id, inputs, outputs: {}};
  },

  async update() {
    return {};
  },

  async delete(context, _id, inputs) {
    if (process.env[override] === "off") return;
    const limits = {limitMs: Number(inputs.timeoutMs ?? defaultTimeout), signal: context.signal};
    const troubles: string[] = [];
    const tell = async (container: string, command: unknown) => {
      const answer = await run(container, command as string[], limits).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.code === 0) return true;
      const said = answer instanceof Error ? answer.message : (answer.stdout + answer.stderr).trim().slice(-300);
      troubles.push(`  ${container}: ${said || "said nothing"}`);
      return false;
    };
    if (await runs(String(inputs.container))) {
      if (await tell(String(inputs.container), inputs.command)) return;
    } else {
      const up: string[] = [];
      for (const other of inputs.others as string[]) if (await runs(other)) up.push(other);
      if (up.length === 0) return;
      for (const other of up) if (await tell(other, inputs.forget)) return;
    }
    throw new Error(
      [
        `${inputs.member} did not leave its cluster, so it is not removed:`,
        ...troubles,
        `Heal the cluster and run the update again; ${override}=off removes the member all the same, and the others go on to count it.`,
      ].join("\n"),
    );
  },
};

async function runs(container: string): Promise<boolean> {
  const look = await find(`looking at ${container}`, () => engine().getContainer(container).inspect());
  return look?.State.Running === true && !look.State.Paused;
}
