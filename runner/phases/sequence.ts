import {unlessAborted} from "../limit.ts";
import {sleepUntil} from "../moments.ts";
import type {Asking} from "../roles/role.ts";
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

/** All steps of a scenario in their order: by time, after each other, again and again. Each injection is kept, for the result. */
export class Sequence {
  /** Every injection so far. */
  readonly faults: RunningFault[] = [];
  readonly #context: RunContext;
  readonly #steps: readonly OpenStep[];
  readonly #open: Set<OpenStep>;
  readonly #moments = new Map<string, Record<Moment, PromiseWithResolvers<void>>>();
  /** Where steps that are due at the same time meet, by that time. */
  readonly #together = new Map<number, Rendezvous>();
  readonly #over = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(context: RunContext, plans: readonly FaultPlan[]) {
    this.#context = context;
    this.#steps = plans.map(plan => ({plan}));
    this.#open = new Set(this.#steps);
    const times = plans.filter(isTimed).map(plan => plan.atMs);
    for (const at of new Set(times)) {
      const size = times.filter(time => time === at).length;
      if (size > 1) this.#together.set(at, new Rendezvous(size));
    }
    for (const {name} of plans)
      if (name !== undefined)
        this.#moments.set(name, {
          injected: Promise.withResolvers(),
          healed: Promise.withResolvers(),
          recovered: Promise.withResolvers(),
        });
  }

  /** Milliseconds from the begin of the load until the first thing is to be done; undefined when there is nothing. */
  get firstMs(): number | undefined {
    const times = this.#steps.filter(s => !s.plan.after).map(s => s.plan.atMs - findAheadMs);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Injects everything and heals what ends before the last; returns when the last is due to be healed. What goes wrong in one step ends them
   *  all. `from`: begin of the load, Unix milliseconds. */
  async run(from: number, asking: Asking): Promise<void> {
    const signal = AbortSignal.any([this.#context.signal, this.#over.signal]);
    const steps = this.#steps.map(step =>
      this.#step(step, from, asking, signal).catch(error => {
        this.#over.abort();
        throw error;
      }),
    );
    const settled = Promise.allSettled(steps);
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
    const {plan} = step;
    const {times, everyMs, settled} = plan.repeat ?? {times: 1, everyMs: 0, settled: false};
    let due = await this.#due(plan, from, signal);
    for (let turn = 1; turn <= times; turn++) {
      await sleepUntil(due - findAheadMs, signal);
      const fault = new RunningFault(this.#context, plan, this.faults.length);
      this.faults.push(fault);
      await fault.inject({...asking, hit: () => this.#hit(fault)}, due, signal, {
        ready: victims => holdBack(this.#context, fault, victims, () => this.#hit(fault), signal),
        together: turn === 1 && isTimed(plan) ? this.#together.get(plan.atMs) : undefined,
      });
      this.#reached(plan, "injected");
      const ends = fault.passing ? Date.now() : fault.result.injected + plan.forMs;
      if (turn === times) step.ends = ends;
      await sleepUntil(ends, signal);
      if (turn === times && this.#isLast(step, ends)) break;
      await fault.heal();
      if (turn === times || settled) await this.#afterHeal(plan, turn === times, signal);
      due = fault.result.injected + everyMs;
    }
    this.#open.delete(step);
  }

  async #due(plan: FaultPlan, from: number, signal: AbortSignal): Promise<number> {
    if (!plan.after) return from + plan.atMs;
    const moment = this.#moments.get(plan.after.fault)![plan.after.is].promise;
    await unlessAborted(signal, moment);
    return Date.now() + plan.atMs;
  }

  /** Nothing comes after it, so the phase "heal" does the rest: what must stay as it is after healing is looked at just before. */
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

  /** Members that other injections hit now. */
  #hit(but: RunningFault): Set<string> {
    return new Set(this.faults.filter(fault => fault !== but).flatMap(fault => fault.hits));
  }
}

/** Its first injection comes at a known time. One that waits for its component to recover must keep nobody waiting. */
const isTimed = ({after, atMost}: FaultPlan): boolean => !after && atMost === undefined;
