import {LimitError, type Look, unlessAborted, until, within} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import {type FaultResult, toleranceMs} from "../../lib/result.ts";
import type {Asking} from "../../lib/roles.ts";
import type {Placed} from "../../lib/topology.ts";
import {describeFault} from "../faults/describe.ts";
import {allRun, type Fault, passes, type StackChanger, type Victim} from "../faults/fault.ts";
import {type KeptTimes, keepFor, timesOf} from "../faults/kept.ts";
import {faultOf} from "../faults/registry.ts";
import {healHit} from "../heal.ts";
import {sleepUntil} from "../moments.ts";
import {findVictims} from "../roles/find.ts";
import type {FaultPlan} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";
import type {Aimed, Confirmed, Hitting, Waiting} from "./hitting.ts";
import type {Rendezvous} from "./rendezvous.ts";
import {Salvo, sayEnds, spreadOf} from "./salvo.ts";

/** Longest time until a fault shows from outside. */
const confirmLimitMs = 10_000;
/** Longest time for the helper's word that what it kept is over. */
const keptLimitMs = 20_000;

/** One injection of a step of a scenario, up to its healing. */
export class RunningFault {
  readonly result: FaultResult;
  readonly plan: FaultPlan;
  /** It ends by itself. */
  readonly passing: boolean;
  readonly #fault: Fault;
  readonly #context: RunContext;
  readonly #id: string;
  #hit: Hitting[] = [];
  #injected = false;
  /** How long the injection took, which is how long the healing will take where nothing better is known. */
  #tookMs = 0;
  #healing: Promise<void> | undefined;
  /** Members that were found free for it, before it hits them. */
  claimed: readonly string[] = [];

  /** `number`: which injection of the run it is. */
  constructor(context: RunContext, plan: FaultPlan, number: number) {
    this.#context = context;
    this.#id = `${context.run}_${number}`;
    this.#fault = faultOf(plan.kind);
    this.plan = plan;
    this.passing = passes(this.#fault, plan.params);
    this.result = {fault: plan.kind, asked: describeFault(plan), members: [], injected: Date.now()};
    if (!this.passing) this.result.forMs = plan.forMs;
    if (Object.keys(plan.params).length > 0) this.result.params = plan.params;
  }

  /** Members that it hits, or is about to, and that are not healed yet. */
  get hits(): readonly string[] {
    return this.result.healed === undefined ? [...this.result.members, ...this.claimed] : [];
  }

  /** Finds who is to be hit and, once it is `due` (Unix milliseconds), notes it in the journal, hits all at the same
   *  time and looks from outside whether it took effect. */
  async inject(asking: Asking, due: number, signal: AbortSignal, {holdBack, together}: Waiting): Promise<void> {
    // One that waits until its victims are free takes them then.
    const claim = (member: string) => void (this.claimed = [...this.claimed, member]);
    const finding = findVictims(holdBack ? asking : {...asking, claim}, this.plan.where);
    const placed = await unlessAborted(signal, finding);
    // What waits for its victims is made ready afterwards: they may have been started anew meanwhile.
    const ready = () => unlessAborted(signal, this.#makeReady(placed, asking));
    const early = holdBack ? undefined : await ready();
    await sleepUntil(due, signal);
    await holdBack?.(placed.map(({member}) => member.name));
    const aimed = early ?? (await ready());
    await together?.meet(signal);
    signal.throwIfAborted();
    const {journal, target} = this.#context;
    this.result.members = aimed.map(({victim}) => victim.member.name);
    this.#hit = aimed.map(({victim}) => ({
      victim,
      id: journal.inject(this.#fault.kind, victim.member, victim.params),
    }));
    const salvo = together?.salvo ?? new Salvo(target);
    salvo.add(aimed.flatMap(({aim}) => aim ?? []));
    await together?.meet(signal);
    await this.#hitAll(aimed, salvo, together, signal);
  }

  async #hitAll(
    aimed: readonly Aimed[],
    salvo: Salvo,
    together: Rendezvous | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const aims = aimed.some(({aim}) => aim);
    if (aims) await salvo.ready();
    const begun = Date.now();
    if (aims && salvo.why && salvo.isSet) await this.#hold();
    await together?.meet(signal);
    signal.throwIfAborted();
    this.#injected = true;
    const fired = aims ? salvo.fire() : undefined;
    this.result.injected = Math.floor(fired?.from ?? Date.now());
    this.#context.progress.say(`${this.result.asked}: ${this.result.members.join(", ")}`);
    for (const {victim, aim} of aimed) if (fired && aim) victim.shot = fired;
    const injecting = Promise.allSettled(this.#hit.map(hitting => this.#injectOne(hitting, signal)));
    const confirmed = this.#hit.map(hitting => this.#confirm(hitting, signal));
    // Whatever ends the run: what has begun is ended before it is undone, or it would come after.
    const injected = await injecting;
    this.#tookMs = Date.now() - this.result.injected;
    if (aims && salvo.isSet) this.result.spreadMs = fired ? spreadOf(fired) : Date.now() - begun;
    const evidence = await Promise.all(confirmed);
    const failed = injected.find(one => one.status === "rejected");
    this.result.evidence = evidence.map(e => e.text).join("; ") + (failed ? ` (${firstLine(failed.reason)})` : "");
    if (evidence.every(e => e.at !== undefined)) this.result.confirmed = Math.max(...evidence.map(e => e.at!));
    this.#judgeSpread(salvo.why);
  }

  /** The helper is not waited for: it comes back when all is over. */
  async #injectOne(hitting: Hitting, signal: AbortSignal): Promise<void> {
    const {target, scenario} = this.#context;
    const {victim} = hitting;
    const scripts = this.#fault.inNetwork?.(victim);
    // Who has a role just before the healing cannot be asked where nobody here knows when that is.
    if (!scripts || scenario.bounds.stays.length > 0) return this.#fault.inject(target, victim, this.#changer(signal));
    hitting.kept = keepFor(target, victim.member, scripts, this.plan.forMs);
    hitting.kept.catch(() => {});
  }

  #changer(signal: AbortSignal): StackChanger | undefined {
    const {stack} = this.#context;
    return stack && {change: settings => stack.change(settings, signal)};
  }

  /** Where not all members ended in one instant, those that were left could write down what the others had
   *  acknowledged. */
  #judgeSpread(why: string | undefined): void {
    const {spreadMs} = this.result;
    if (spreadMs === undefined) return;
    const {text, atOnce} = sayEnds(spreadMs, why);
    this.result.evidence += `; ${text}`;
    if (!atOnce) this.result.confirmed = undefined;
  }

  async #hold(): Promise<void> {
    // What cannot be held is not there; the injection says so.
    await Promise.allSettled(this.#hit.map(({victim}) => this.#fault.hold?.(this.#context.target, victim)));
  }

  async #makeReady(placed: readonly Placed[], asking: Asking): Promise<Aimed[]> {
    const {target, topology} = this.#context;
    const {where, params} = this.plan;
    const planning = {target, topology, random: asking.random, id: this.#id, where, params};
    const alike = () => placed.map(({member}) => ({member, params}));
    const hits = await (this.#fault.plan?.(placed, planning) ?? alike());
    await this.#fault.prepare?.(
      target,
      hits.map(hit => hit.member),
      params,
      topology,
    );
    return Promise.all(
      hits.map(async hit => {
        const victim: Victim = {...hit, before: await target.look(hit.member)};
        return {victim, aim: await this.#fault.aim?.(target, victim)};
      }),
    );
  }

  /** It was not done, or not to its end: why. */
  couldNot(error: unknown): void {
    this.claimed = [];
    this.result.confirmed = undefined;
    this.result.evidence = [this.result.evidence, firstLine(error)].filter(Boolean).join("; ");
  }

  /** How much before its end the healing is to begin, in milliseconds: as long as it is going to take, within what is
   *  allowed. */
  get healAheadMs(): number {
    const {target} = this.#context;
    if (this.passing || this.#hit.some(({kept}) => kept)) return 0;
    const takes = this.#hit.map(({victim}) => this.#fault.shortestMs?.(target, victim.member) ?? this.#tookMs);
    return Math.min(toleranceMs(this.plan.forMs), this.plan.forMs / 2, Math.max(0, ...takes));
  }

  /** Undoes it, once, and returns when it is undone. What lasts is looked at before: a fault that was over by itself
   *  proves nothing. */
  heal(): Promise<void> {
    this.#healing ??= this.#heal();
    return this.#healing;
  }

  async #heal(): Promise<void> {
    const {target, journal, signal} = this.#context;
    const kept = await this.#keptToTheEnd();
    // What was not injected was held at most, when the run was aborted; where that is so, nothing counts but that it is
    // undone.
    const injected = this.#injected && !signal.aborted;
    if (injected && !this.passing) await this.#checkLasting(kept !== undefined);
    if (kept) this.result.injected = kept.from;
    this.result.healing = kept?.to ?? Date.now();
    if (injected && this.passing) await this.#returned();
    await Promise.all(
      this.#hit.map(async ({victim, id}) => {
        const later = this.#fault.healAfterMs?.(victim) ?? 0;
        // After an interrupt nobody waits.
        if (later > 0) await sleepUntil(this.result.healing! + later, signal).catch(() => {});
        await healHit(target, this.#fault, victim, this.#context.stack);
        journal.healed(id);
      }),
    );
    this.result.healed = kept?.to ?? Date.now();
    if (injected && !this.passing) this.result.lastedMs = kept?.ms ?? (await this.#lasted());
  }

  /** Waits for what a helper keeps where it is about to be over. Undefined where none does, or where the run ends
   *  before. */
  async #keptToTheEnd(): Promise<KeptTimes | undefined> {
    const all = this.#hit.flatMap(({kept}) => kept ?? []);
    if (all.length === 0 || this.#context.signal.aborted || Date.now() < this.result.injected + this.plan.forMs)
      return undefined;
    const over = within(keptLimitMs, `${this.result.asked}: the word of its helper`, Promise.all(all));
    const times = await over.catch(() => undefined);
    return times && timesOf(times, this.result.injected);
  }

  async #lasted(): Promise<number> {
    const {target} = this.#context;
    const {injected, healed} = this.result;
    const asked = this.#hit.map(({victim}) => this.#fault.undoneAt?.(target, victim));
    const ends = (await Promise.all(asked).catch(() => [])).flatMap(at => at ?? []);
    const end = ends.length > 0 ? Math.max(...ends) : healed!;
    // The clock of another machine may be off.
    return (end >= injected && end <= healed! ? end : healed!) - injected;
  }

  /** What a helper keeps is looked at from here until it is over; what showed last then counts. */
  async #confirm({victim, kept}: Hitting, signal: AbortSignal): Promise<Confirmed> {
    const over = new AbortController();
    if (!kept) return this.#see(victim, signal);
    const seen = this.#see(victim, AbortSignal.any([signal, over.signal]));
    const last = kept.then(
      ({shown}) => {
        const found = this.#fault.inNetwork!(victim).judge(shown);
        return "done" in found ? {text: found.done, at: Date.now()} : {text: `${victim.member.name}: ${found.seen}`};
      },
      error => ({text: firstLine(error)}),
    );
    return Promise.race([seen, last]).finally(() => over.abort());
  }

  async #see(victim: Victim, signal: AbortSignal): Promise<Confirmed> {
    const takesMs = this.#fault.injectMs?.(this.plan.params) ?? 0;
    try {
      return await until(
        victim.member.name,
        {limitMs: confirmLimitMs + takesMs, everyMs: takesMs > 0 ? 250 : 20, signal},
        async (): Promise<Look<Confirmed>> => {
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
  async #checkLasting(over: boolean): Promise<void> {
    const {target, signal} = this.#context;
    const asked = this.#hit.map(async ({victim, kept}) => {
      const shown = over && kept?.then(({shown}) => this.#fault.inNetwork!(victim).judge(shown));
      const look = unlessAborted(signal, shown || this.#fault.evidence(target, victim));
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
