import {showMs} from "../lib/durations.ts";

export const interruptedText = "The run was interrupted.";

/** What ends a run early: its time limit, or whoever started it. */
export class TimeLimit {
  readonly signal: AbortSignal;
  readonly #ms: number | undefined;
  readonly #given: AbortSignal;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `ms`: how long the run may take from now; undefined for ever. */
  constructor(ms: number | undefined, given: AbortSignal) {
    this.#ms = ms;
    this.#given = given;
    this.signal = AbortSignal.any([given, this.#over.signal]);
    if (ms !== undefined) this.#timer = setTimeout(() => this.#over.abort(), ms);
  }

  /** Why the run was ended early, in a sentence; undefined when it was not. */
  get cut(): string | undefined {
    if (this.#over.signal.aborted)
      return `The run was not over within its limit of ${showMs(this.#ms!)}: the load was ended and the faults were healed.`;
    return this.#given.aborted ? interruptedText : undefined;
  }

  /** The run is over. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
