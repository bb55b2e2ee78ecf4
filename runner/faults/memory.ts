import {type Look, until} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import type {Target} from "../targets/target.ts";
import {allRun, type Fault, type Hit, type Victim} from "./fault.ts";

const mebi = 1024 * 1024;
/** Docker takes no lower limit. */
const least = 6 * mebi;
/** Room above what is in use; with less, the kernel refuses the limit now and then. */
const room = 2 * mebi;
const restoreLimitMs = 10_000;

interface Squeezed {
  /** The limit that it had, in bytes. */
  limit: number;
  /** When it was planned, Unix milliseconds. */
  since: number;
}
const squeezed = ({params}: Pick<Hit, "params">) => params as unknown as Squeezed;

export const memory: Fault = {
  kind: "memory",
  does: "The memory limit of the main process is lowered to what it uses, and reached: the kernel ends it. Restored when healed.",
  passing: false,
  burdensMachine: true,
  async plan(placed, {target}) {
    return Promise.all(
      placed.map(async ({member}) => {
        const {limitBytes} = await target.memory(member);
        return {member, params: {limit: limitBytes, since: Date.now()} satisfies Squeezed};
      }),
    );
  },
  async inject(target, {member}) {
    const {usedBytes} = await target.memory(member);
    await lower(target, member, Math.max(least, usedBytes + room));
    // Takes more than what is left. The kernel ends the largest process, which is the daemon.
    await target
      .exec(member, ["dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1"], 20_000)
      .catch(() => undefined);
  },
  async evidence(target, victim): Promise<Look<string>> {
    const look = await target.memory(victim.member);
    const {limit, since} = squeezed(victim);
    const limits = `limit ${Math.round(look.limitBytes / mebi)} MiB instead of ${Math.round(limit / mebi)}`;
    if (look.limitBytes >= limit) return {seen: "its limit is as before"};
    const kills = await look.killsSince(since);
    if (kills === 0 || !(await ended(target, victim))) return {seen: `${limits}, and the kernel ended nothing of it`};
    return {done: `${victim.member.name}: ${limits}; the kernel ended its main process for want of memory`};
  },
  async heal(target, hit) {
    await restore(target, hit.member, squeezed(hit).limit);
    await target.start(hit.member);
  },
  async healed(target, hit) {
    const {limitBytes} = await target.memory(hit.member);
    if (limitBytes !== squeezed(hit).limit) return {seen: `its limit is ${Math.round(limitBytes / mebi)} MiB`};
    return allRun(target, hit);
  },
};

/** A little more each time where the kernel cannot get down to it. */
async function lower(target: Target, member: Victim["member"], bytes: number): Promise<void> {
  for (let turn = 0; ; turn++) {
    try {
      return await target.limitMemory(member, Math.round(bytes * 1.15 ** turn));
    } catch (error) {
      if (turn === 4) throw error;
    }
  }
}

/** The engine refuses while it starts a container again that the kernel has just ended once more. */
async function restore(target: Target, member: Victim["member"], bytes: number): Promise<void> {
  await until(`The memory limit of ${member.name}`, {limitMs: restoreLimitMs, everyMs: 100}, () =>
    target.limitMemory(member, bytes).then(
      (): Look<true> => ({done: true}),
      error => ({seen: firstLine(error)}),
    ),
  );
}

async function ended(target: Target, {member, before}: Victim): Promise<boolean> {
  const [now] = await target.look(member);
  return now !== undefined && (!now.running || now.incarnation !== before[0]?.incarnation);
}
