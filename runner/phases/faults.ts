import {firstLine} from "../../lib/problems.ts";
import type {FaultResult} from "../../lib/result.ts";
import {describeFault} from "../faults/describe.ts";
import {allRun, type Fault, passes, type StackChanger, type Victim} from "../faults/fault.ts";
import {faultOf} from "../faults/registry.ts";
import {healHit} from "../heal.ts";
import {LimitError, type Look, unlessAborted, until} from "../limit.ts";
import {sleepUntil} from "../moments.ts";
import {findVictims} from "../roles/find.ts";
import type {Asking} from "../roles/role.ts";
import type {FaultPlan} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";
import type {Rendezvous} from "./rendezvous.ts";

/** Longest time until a fault shows from outside. */
const confirmLimitMs = 10_000;

/** One injection of a step of a scenario, up to its healing. */
export class RunningFault {
  readonly result: FaultResult;
  readonly plan: FaultPlan;
  /** It ends by itself. */
  readonly passing: boolean;
  readonly #fault: Fault;
  readonly #context: RunContext;
  readonly #id: string;
  #hit: {victim: Victim; id: number}[] = [];
  #healing: Promise<void> | undefined;
  /** Members that were found free for it, a moment before it hits them. */
  claimed: readonly string[] = [];

  /** `number`: which injection of the run it is. */
  constructor(context: RunContext, plan: FaultPlan, number: number) {
    this.#context = context;
    this.#id = `${context.run}_${number}`;
    this.#fault = faultOf(plan.kind);
    this.plan = plan;
    this.passing = passes(this.#fault, plan.params);
    this.result = {fault: plan.kind, asked: describeFault(plan), members: [], injected: Date.now()};
    if (Object.keys(plan.params).length > 0) this.result.params = plan.params;
  }

  /** Members that it hits, or is about to, and that are not healed yet. */
  get hits(): readonly string[] {
    return this.result.healed === undefined ? [...this.result.members, ...this.claimed] : [];
  }

  /** Finds who is to be hit and, once it is `due` (Unix milliseconds), notes it in the journal, hits all at the same time and looks from
   *  outside whether it took effect. `ready`: called with the victims before, for who wants it to wait. `together`: where it meets others
   *  that are due at the same time; all know their victims, and hold them still, before the first is hit. */
  async inject(
    asking: Asking,
    due: number,
    signal: AbortSignal,
    {ready, together}: {ready: (victims: string[]) => Promise<void>; together: Rendezvous | undefined},
  ): Promise<void> {
    const {target, journal, progress} = this.#context;
    const victims = await unlessAborted(signal, this.#victims(asking));
    await sleepUntil(due, signal);
    await ready(victims.map(v => v.member.name));
    await together?.meet(signal);
    signal.throwIfAborted();
    this.result.members = victims.map(v => v.member.name);
    this.#hit = victims.map(victim => ({
      victim,
      id: journal.inject(this.#fault.kind, victim.member, victim.params),
    }));
    if (together) await this.#hold(victims, together, signal);
    this.result.injected = Date.now();
    progress.say(`${this.result.asked}: ${this.result.members.join(", ")}`);
    const confirmed = victims.map(victim => this.#confirm(victim, signal));
    // Whatever ends the run: what has begun is ended before it is undone, or it would come after.
    const injected = await Promise.allSettled(
      victims.map(victim => this.#fault.inject(target, victim, this.#changer(signal))),
    );
    const evidence = await Promise.all(confirmed);
    const failed = injected.find(one => one.status === "rejected");
    this.result.evidence = evidence.map(e => e.text).join("; ") + (failed ? ` (${firstLine(failed.reason)})` : "");
    if (evidence.every(e => e.at !== undefined)) this.result.confirmed = Math.max(...evidence.map(e => e.at!));
  }

  #changer(signal: AbortSignal): StackChanger | undefined {
    const {stack} = this.#context;
    return stack && {change: settings => stack.change(settings, signal)};
  }

  async #hold(victims: readonly Victim[], together: Rendezvous, signal: AbortSignal): Promise<void> {
    // What cannot be held is not there; the injection says so.
    await Promise.allSettled(victims.map(victim => this.#fault.hold?.(this.#context.target, victim)));
    await together.meet(signal);
    signal.throwIfAborted();
  }

  async #victims(asking: Asking): Promise<Victim[]> {
    const {target, topology} = this.#context;
    const {where, params} = this.plan;
    const placed = await findVictims(asking, where);
    const planning = {target, topology, random: asking.random, id: this.#id, where, params};
    const alike = () => placed.map(({member}) => ({member, params}));
    const hits = await (this.#fault.plan?.(placed, planning) ?? alike());
    await this.#fault.prepare?.(
      target,
      hits.map(hit => hit.member),
      params,
      topology,
    );
    return Promise.all(hits.map(async hit => ({...hit, before: await target.look(hit.member)})));
  }

  /** Undoes it, once, and returns when it is undone. What lasts is looked at before: a fault that was over by itself proves nothing. */
  heal(): Promise<void> {
    this.#healing ??= this.#heal();
    return this.#healing;
  }

  async #heal(): Promise<void> {
    const {target, journal, signal} = this.#context;
    // Without evidence it was held at most, when the run was aborted; where that is so, nothing counts but that it is undone.
    const injected = this.result.evidence !== undefined && !signal.aborted;
    if (injected && !this.passing) await this.#checkLasting();
    const healing = Date.now();
    this.result.healing = healing;
    if (injected && this.passing) await this.#returned();
    await Promise.all(
      this.#hit.map(async ({victim, id}) => {
        const later = this.#fault.healAfterMs?.(victim) ?? 0;
        // After an interrupt nobody waits.
        if (later > 0) await sleepUntil(healing + later, this.#context.signal).catch(() => {});
        await healHit(target, this.#fault, victim, this.#context.stack);
        journal.healed(id);
      }),
    );
    this.result.healed = Date.now();
  }

  async #confirm(victim: Victim, signal: AbortSignal): Promise<{text: string; at?: number}> {
    const takesMs = this.#fault.injectMs?.(this.plan.params) ?? 0;
    try {
      return await until(
        victim.member.name,
        {limitMs: confirmLimitMs + takesMs, everyMs: takesMs > 0 ? 250 : 20, signal},
        async (): Promise<Look<{text: string; at: number}>> => {
          const found = await this.#look(victim);
          return "done" in found ? {done: {text: found.done, at: Date.now()}} : found;
        },
      );
    } catch (error) {
      return {text: signal.aborted ? `${victim.member.name}: the run ended before it was seen` : firstLine(error)};
    }
  }

  /** A look that fails has seen nothing: the next one may. */
  async #look(victim: Victim): Promise<Look<string>> {
    return this.#fault.evidence(this.#context.target, victim).catch(error => ({seen: firstLine(error)}));
  }

  /** Everybody is asked at the same time: until all have answered, the fault lasts longer than it should. */
  async #checkLasting(): Promise<void> {
    const {target, signal} = this.#context;
    const asked = this.#hit.map(async ({victim}) => {
      const look = unlessAborted(signal, this.#fault.evidence(target, victim));
      return {victim, found: await look.catch(error => ({unseen: firstLine(error)}))};
    });
    const looked = await Promise.all(asked);
    if (signal.aborted) return;
    for (const {victim, found} of looked) {
      if ("done" in found) continue;
      this.result.confirmed = undefined;
      const what =
        "unseen" in found
          ? `could not be looked at before it was healed: ${found.unseen}`
          : `was back before it was healed: ${found.seen}`;
      this.result.evidence += `; ${victim.member.name} ${what}`;
    }
  }

  /** The platform is given its time to start again what ended. */
  async #returned(): Promise<void> {
    const healed = this.#fault.healed ?? allRun;
    for (const {victim} of this.#hit) {
      const {target, signal} = this.#context;
      const back = until(victim.member.name, {limitMs: confirmLimitMs, everyMs: 50, signal}, () =>
        healed(target, victim),
      );
      await back.catch(error => {
        if (signal.aborted) return;
        if (!(error instanceof LimitError)) throw error;
        this.result.evidence += `; ${victim.member.name} was not started again by the platform`;
      });
    }
  }
}
