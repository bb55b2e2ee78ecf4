import {z} from "zod";
import type {Look} from "../../lib/limit.ts";
import type {Fault} from "./fault.ts";

/** An update of the stack in the middle of the load: more members, fewer, or other settings. */
export const change: Fault = {
  kind: "change",
  does: "The stack is changed as `up` does it, with other settings, and changed back when it is healed: members come and go.",
  keys: {
    settings: z
      .record(z.string(), z.unknown(), {error: "takes settings of the stack by name"})
      .describe("Settings of the stack, such as {galeraMembers: 5}."),
  },
  passing: false,
  burdensMachine: true,
  ofPlatform: false,
  wholeComponent: () => true,
  injectMs: () => 10 * 60_000,
  // One hit for the whole: the update is the engine's, not the member's.
  plan: (members, {params}) => members.slice(0, 1).map(({member}) => ({member, params})),
  async inject(_target, victim, stack) {
    if (!stack) throw new Error("This runner cannot change stacks.");
    done.set(victim.params, await stack.change(victim.params.settings as Record<string, unknown>));
  },
  async evidence(target, victim): Promise<Look<string>> {
    const changed = done.get(victim.params);
    if (!changed) return {seen: "the update goes on"};
    const {added, removed} = changed;
    const came = added.length > 0 ? `${added.join(", ")} came` : "";
    const went = removed.length > 0 ? `${removed.join(", ")} went` : "";
    const looks = await target.look(victim.member);
    if (!looks.every(look => look.running)) return {seen: `${victim.member.name} is down`};
    return {done: [came, went].filter(Boolean).join("; ") || "the update is done, with the same members"};
  },
  async heal(_target, hit, stack) {
    done.delete(hit.params);
    // The next `up` or `run` brings the stack back to its settings as well.
    if (!stack) throw new Error("The stack may have other settings now, which only `up` brings back.");
    await stack.change({});
  },
};

const done = new WeakMap<object, {added: string[]; removed: string[]}>();
