import type {Look} from "../../lib/limit.ts";
import {bytesPerSecond} from "../../lib/rates.ts";
import type {Fault} from "./fault.ts";
import {diskRate} from "./values.ts";

export const slowDisk: Fault = {
  kind: "slow-disk",
  does: "The main process writes to the disk at that rate and no faster, until healed.",
  keys: {rate: diskRate.describe("Bytes a second, such as 1MiB/s.")},
  passing: false,
  burdensMachine: true,
  detail: ({rate}) => `(${rate})`,
  async able(target, members) {
    const own = members.find(member => member.handle.disk);
    if (own)
      return `The disk of ${own.name} is ${own.handle.disk!.kind === "loop" ? "a loop device, whose writes the kernel does not count for it" : "made of memory, which the kernel cannot make slow"}.`;
    for (const member of members) {
      const why = await target.whyNoDiskLimit(member);
      if (why) return why;
    }
    return undefined;
  },
  inject: (target, {member, params}) => target.limitDisk(member, bytesPerSecond(params.rate)),
  /** What the kernel says that it does; how much must wait depends on how much there is to write. */
  async evidence(target, {member, params}): Promise<Look<string>> {
    const limit = await target.diskLimit(member);
    if (limit?.bytesPerSecond !== bytesPerSecond(params.rate)) return {seen: "its disk is as fast as before"};
    return {
      done: `${member.name}: the kernel limits its writes to ${params.rate}; ${limit!.writtenBytes} bytes written so far`,
    };
  },
  async heal(target, {member}) {
    // A process that does not run has no limit; the next one begins without.
    if (await target.diskLimit(member)) await target.limitDisk(member, undefined);
    await target.start(member);
  },
  healed: async (target, {member}) =>
    (await target.diskLimit(member)) ? {seen: "its disk is still slow"} : {done: true},
};
