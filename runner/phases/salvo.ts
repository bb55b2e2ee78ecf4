import {showMs} from "../../lib/durations.ts";
import type {Aim, Burst, Fired, Target} from "../targets/target.ts";

/** Longest time from the first member that ends to the last in which they count as ended in one instant, in
 *  milliseconds. */
const instantMs = 5;

/** Everything that ends in the same instant, of one step or of several: all aim, then all is made ready, then the first
 *  who fires does it for all. */
export class Salvo {
  readonly #target: Target;
  readonly #aims: Aim[] = [];
  #burst: Promise<Burst | {why: string}> | undefined;
  #ready: Burst | undefined;
  #fired: Fired | undefined;
  /** Why the processes cannot be reached from here; undefined when they can. */
  why: string | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  add(aims: readonly Aim[]): void {
    this.#aims.push(...aims);
  }

  /** More than one member is to end: whether they do so in one instant matters. */
  get isSet(): boolean {
    return new Set(this.#aims.map(({member}) => member.name)).size > 1;
  }

  /** Makes ready for all that was added until now; afterwards {@link why} is known. */
  async ready(): Promise<void> {
    this.#burst ??= this.#makeReady();
    await this.#burst;
  }

  async #makeReady(): Promise<Burst | {why: string}> {
    const burst = await this.#target.aim(this.#aims);
    if ("why" in burst) this.why = burst.why;
    else {
      await burst.arm();
      this.#ready = burst;
    }
    return burst;
  }

  /** Undefined where the processes cannot be reached. */
  fire(): Fired | undefined {
    this.#fired ??= this.#ready?.fire();
    return this.#fired;
  }
}

/** From the first to the last, in milliseconds, to a hundredth. */
export const spreadOf = ({from, to}: Fired): number => Math.round((to - from) * 100) / 100;

/** For people: in what time all ended, and whether that is one instant. `why`: their processes could not be reached. */
export function sayEnds(spreadMs: number, why: string | undefined): {text: string; atOnce: boolean} {
  const within = spreadMs < 10 ? `${spreadMs.toFixed(1)} ms` : showMs(spreadMs);
  if (spreadMs <= instantMs) return {text: `all ended within ${within}`, atOnce: true};
  const because = why ? ` one after the other (${why})` : "";
  return {
    text: `they ended${because} within ${within}, and up to ${instantMs} ms count as one instant`,
    atOnce: false,
  };
}
