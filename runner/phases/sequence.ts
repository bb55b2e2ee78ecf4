import {unlessAborted} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import type {Asking} from "../../lib/roles.ts";
import {describeFault} from "../faults/describe.ts";
import {sleepUntil} from "../moments.ts";
import type {FaultPlan, Moment} from "../scenario/scenario.ts";
import type {RunContext} from "./context.ts";
import {RunningFault} from "./faults.ts";
import {holdBack} from "./hold-back.ts";
import {waitReady} from "./ready.ts";
import {Rendezvous} from "./rendezvous.ts";

/** Asking who has a role takes time; it begins so much before the fault is due. */
export const findAheadMs = 1000;

/** Faults that end within this of each other count as ending together. */
const togetherMs = 100;

/** A step that is not over yet. */
interface OpenStep {
  plan: FaultPlan;
  /** When its last injection is due to be healed, Unix milliseconds; unknown until it is injected. */
  ends?: number;
}

/** All steps of a scenario in their order: by time, after each other, again and again. Each injection is kept, for the
 *  result. */
export class Sequence {
  /** Every injection so far. */
  readonly faults: RunningFault[] = [];
  readonly #context: RunContext;
  readonly #steps: readonly OpenStep[];
  readonly #open: Set<OpenStep>;
  readonly #moments = new Map<string, Record<Moment, PromiseWithResolvers<void>>>();
  /** Where steps that are due at the same time meet, by that time. */
  readonly #together = new Map<number, Rendezvous>();
  /** Steps that were done at least once. */
  readonly #done = new Set<FaultPlan>();
  readonly #over = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(context: RunContext, plans: readonly FaultPlan[]) {
    this.#context = context;
    this.#steps = plans.map(plan => ({plan}));
    this.#open = new Set(this.#steps);
    const times = plans.filter(isTimed).map(plan => plan.atMs);
    for (const at of new Set(times)) {
      const size = times.filter(time => time === at).length;
      if (size > 1) this.#together.set(at, new Rendezvous(size, context.target));
    }
    for (const {name} of plans)
      if (name !== undefined) this.#moments.set(name, {injected: moment(), healed: moment(), recovered: moment()});
  }

  /** Milliseconds from the begin of the load until the first thing is to be done; undefined when there is nothing. */
  get firstMs(): number | undefined {
    const times = this.#steps.filter(s => !s.plan.after).map(s => s.plan.atMs - findAheadMs);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Injects everything and heals what ends before the last; returns when the last is due to be healed. A step that
   *  cannot be done says so in its result, and the others go on. `from`: begin of the load, Unix milliseconds. */
  async run(from: number, asking: Asking): Promise<void> {
    const signal = AbortSignal.any([this.#context.signal, this.#over.signal]);
    const settled = Promise.allSettled(this.#steps.map(step => this.#step(step, from, asking, signal)));
    this.#running = settled;
    const failed = (await settled).flatMap(one => (one.status === "rejected" ? [one.reason] : []));
    if (failed.length > 0) throw failed.find(error => error?.name !== "AbortError") ?? failed[0];
  }

  /** Undoes what is not undone yet. Nothing more is injected. Gives what could not be undone. */
  async heal(): Promise<unknown[]> {
    this.#over.abort();
    await this.#running;
    const healed = await Promise.allSettled(this.faults.map(fault => fault.heal()));
    return healed.flatMap(one => (one.status === "rejected" ? [one.reason] : []));
  }

  async #step(step: OpenStep, from: number, asking: Asking, signal: AbortSignal): Promise<void> {
    try {
      await this.#turns(step, from, asking, signal);
    } catch (error) {
      this.#never(step.plan, error);
      throw error;
    } finally {
      this.#open.delete(step);
    }
  }

  async #turns(step: OpenStep, from: number, asking: Asking, signal: AbortSignal): Promise<void> {
    const {plan} = step;
    const {times, everyMs, settled} = plan.repeat ?? {times: 1, everyMs: 0, settled: false};
    let due = await this.#due(plan, from, signal).catch(error => this.#notDone(this.#next(plan), error, signal));
    if (due === undefined) return this.#never(plan, new Error(`${describeFault(plan)} was not done`));
    for (let turn = 1; turn <= times; turn++) {
      await sleepUntil(due - findAheadMs, signal);
      const fault = this.#next(plan);
      const done = await this.#inject(fault, turn, asking, due, signal);
      if (done) this.#reached(plan, "injected");
      const ends = !done || fault.passing ? Date.now() : fault.result.injected + plan.forMs;
      if (turn === times) step.ends = ends;
      await sleepUntil(ends - (done ? fault.healAheadMs : 0), signal);
      if (done && turn === times && this.#isLast(step, ends)) return;
      await fault.heal();
      if (this.#done.has(plan) && (turn === times || settled)) await this.#afterHeal(plan, turn === times, signal);
      due = (done ? fault.result.injected : due) + everyMs;
    }
    if (!this.#done.has(plan)) this.#never(plan, new Error(`${describeFault(plan)} was not done`));
  }

  /** The next injection of the run. */
  #next(plan: FaultPlan): RunningFault {
    const fault = new RunningFault(this.#context, plan, this.faults.length);
    this.faults.push(fault);
    return fault;
  }

  /** Whether it could be done. */
  async #inject(fault: RunningFault, turn: number, asking: Asking, due: number, signal: AbortSignal): Promise<boolean> {
    const {plan} = fault;
    const together = turn === 1 && isTimed(plan) ? this.#together.get(plan.atMs) : undefined;
    const hit = () => this.#hit(fault);
    const wait = (victims: string[]) => holdBack(this.#context, fault, victims, hit, signal);
    try {
      const holdBack = plan.atMost === undefined ? undefined : wait;
      await fault.inject({...asking, hit}, due, signal, {holdBack, together});
      this.#done.add(plan);
      return true;
    } catch (error) {
      together?.leave();
      this.#notDone(fault, error, signal);
      return false;
    }
  }

  /** Throws where it is the run that ends. */
  #notDone(fault: RunningFault, error: unknown, signal: AbortSignal): undefined {
    if (signal.aborted) throw error;
    fault.couldNot(error);
    this.#context.progress.say(`${fault.result.asked}: it could not be done. ${firstLine(error)}`);
  }

  async #due(plan: FaultPlan, from: number, signal: AbortSignal): Promise<number> {
    if (!plan.after) return from + plan.atMs;
    const moment = this.#moments.get(plan.after.fault)![plan.after.is].promise;
    await unlessAborted(signal, moment);
    return Date.now() + plan.atMs;
  }

  /** Nothing comes after it, so the phase "heal" does the rest: what must stay as it is after healing is looked at just
   *  before. */
  #isLast(step: OpenStep, now: number): boolean {
    return [...this.#open].every(
      other => other === step || (other.ends ?? Number.POSITIVE_INFINITY) <= now + togetherMs,
    );
  }

  /** Waits for every member where somebody wants to know. */
  async #afterHeal(plan: FaultPlan, last: boolean, signal: AbortSignal): Promise<void> {
    if (last) this.#reached(plan, "healed");
    const awaited = [...this.#open].some(({plan: {after}}) => after?.fault === plan.name && after?.is === "recovered");
    if (last && !awaited) return;
    await waitReady({...this.#context, signal}, this.#context.scenario.bounds.recovered);
    if (last) this.#reached(plan, "recovered");
  }

  #reached({name}: FaultPlan, moment: Moment): void {
    if (name !== undefined) this.#moments.get(name)![moment].resolve();
  }

  /** Whoever waits for a moment that has not come by now is told that it never will. */
  #never({name}: FaultPlan, error: unknown): void {
    if (name === undefined) return;
    for (const moment of Object.values(this.#moments.get(name)!)) moment.reject(error);
  }

  /** Members that other injections hit now. */
  #hit(but: RunningFault): Set<string> {
    return new Set(this.faults.filter(fault => fault !== but).flatMap(fault => fault.hits));
  }
}

/** One that nobody waits for may fail to come. */
function moment(): PromiseWithResolvers<void> {
  const coming = Promise.withResolvers<void>();
  coming.promise.catch(() => {});
  return coming;
}

/** Its first injection comes at a known time. One that waits for its component to recover must keep nobody waiting. */
const isTimed = ({after, atMost}: FaultPlan): boolean => !after && atMost === undefined;
