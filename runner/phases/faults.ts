import {setTimeout as sleep} from "node:timers/promises";
import type {FaultResult} from "../../lib/result.ts";
import type {Victim} from "../faults/fault.ts";
import {faults} from "../faults/registry.ts";
import {healMember} from "../heal.ts";
import {LimitError, type Look, until} from "../limit.ts";
import {firstLine} from "../members.ts";
import {findVictims} from "../roles/find.ts";
import type {Asking} from "../roles/role.ts";
import {describeFault, type FaultPlan} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";

/** Longest time until a fault shows from outside. */
const confirmLimitMs = 10_000;

/** Asking who has a role takes time; it begins so much before the fault is due. */
export const findAheadMs = 1000;

/** One fault of a scenario, from its injection to its healing. */
export class RunningFault {
  readonly result: FaultResult;
  readonly plan: FaultPlan;
  readonly #context: RunContext;
  #hit: {victim: Victim; id: number}[] = [];
  #healing: Promise<void> | undefined;
  /** When its healing began, Unix milliseconds. */
  healBegan: number | undefined;

  constructor(context: RunContext, plan: FaultPlan) {
    this.#context = context;
    this.plan = plan;
    this.result = {fault: plan.kind, asked: describeFault(plan), members: [], injected: Date.now()};
  }

  /** Finds who is to be hit and, once it is `due` (Unix milliseconds), notes it in the journal, hits all at the same time and looks from
   *  outside whether it took effect. */
  async inject(asking: Asking, due: number): Promise<void> {
    const {target, journal, progress} = this.#context;
    const fault = faults[this.plan.kind];
    const placed = await findVictims(asking, this.plan.where);
    const victims = await Promise.all(
      placed.map(
        async ({member}): Promise<Victim> => ({member, process: this.plan.process, before: await target.look(member)}),
      ),
    );
    await sleepUntil(due, this.#context.signal);
    this.result.members = victims.map(v => v.member.name);
    this.#hit = victims.map(victim => ({victim, id: journal.inject(fault.kind, victim.member)}));
    this.result.injected = Date.now();
    progress.say(`${this.result.asked}: ${this.result.members.join(", ")}`);
    const confirmed = victims.map(victim => this.#confirm(victim));
    const injected = await Promise.allSettled(victims.map(victim => fault.inject(target, victim)));
    const evidence = await Promise.all(confirmed);
    const failed = injected.find(one => one.status === "rejected");
    this.result.evidence = evidence.map(e => e.text).join("; ") + (failed ? ` (${firstLine(failed.reason)})` : "");
    if (evidence.every(e => e.at !== undefined)) this.result.confirmed = Math.max(...evidence.map(e => e.at!));
  }

  /** Undoes it, once, and returns when every process runs. What lasts is looked at before: a fault that was over by itself proves nothing. */
  heal(): Promise<void> {
    this.#healing ??= this.#heal();
    return this.#healing;
  }

  async #heal(): Promise<void> {
    const {target, journal} = this.#context;
    const fault = faults[this.plan.kind];
    if (!fault.passing) await this.#checkLasting();
    this.healBegan = Date.now();
    if (fault.passing) await this.#returned();
    await Promise.all(
      this.#hit.map(async ({victim, id}) => {
        await healMember(target, fault.kind, victim.member);
        journal.healed(id);
      }),
    );
    this.result.healed = Date.now();
  }

  async #confirm(victim: Victim): Promise<{text: string; at?: number}> {
    const fault = faults[this.plan.kind];
    try {
      return await until(
        victim.member.name,
        {limitMs: confirmLimitMs, everyMs: 20},
        async (): Promise<Look<{text: string; at: number}>> => {
          const text = fault.evidence(await this.#context.target.look(victim.member), victim);
          return text ? {done: {text, at: Date.now()}} : {seen: "its processes run as before"};
        },
      );
    } catch (error) {
      return {text: firstLine(error)};
    }
  }

  async #checkLasting(): Promise<void> {
    for (const {victim} of this.#hit) {
      const looks = await this.#context.target.look(victim.member).catch(() => []);
      if (faults[this.plan.kind].evidence(looks, victim)) continue;
      this.result.confirmed = undefined;
      this.result.evidence += `; ${victim.member.name} was back before it was healed`;
    }
  }

  /** The platform is given its time to start a crashed process again. */
  async #returned(): Promise<void> {
    for (const {victim} of this.#hit) {
      await until(victim.member.name, {limitMs: confirmLimitMs, everyMs: 50}, async (): Promise<Look<true>> => {
        const looks = await this.#context.target.look(victim.member);
        return faults[this.plan.kind].healed(looks) ? {done: true} : {seen: "down"};
      }).catch(error => {
        if (!(error instanceof LimitError)) throw error;
        this.result.evidence += `; ${victim.member.name} was not started again by the platform`;
      });
    }
  }
}

/** Injects every fault at its time and heals those that end before the last one does; returns when the last is due to be healed.
 *  `from`: begin of the load, Unix milliseconds. */
export async function injectAll(
  running: readonly RunningFault[],
  from: number,
  asking: Asking,
  signal: AbortSignal,
): Promise<void> {
  const last = Math.max(0, ...running.map(f => endOf(f.plan)));
  await Promise.all(
    running.map(async fault => {
      const due = from + fault.plan.atMs;
      await sleepUntil(due - findAheadMs, signal);
      await fault.inject(asking, due);
      if (faults[fault.plan.kind].passing) return;
      await sleepUntil(fault.result.injected + fault.plan.forMs, signal);
      if (endOf(fault.plan) < last) await fault.heal();
    }),
  );
}

/** When a fault ends, from the begin of the load. */
export function endOf({kind, atMs, forMs}: FaultPlan): number {
  return atMs + (faults[kind].passing ? 0 : forMs);
}

async function sleepUntil(at: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, at - Date.now()), undefined, {signal});
}
