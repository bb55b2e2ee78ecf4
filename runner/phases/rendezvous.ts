import {unlessAborted} from "../limit.ts";

/** Where so many steps that are due at the same time wait for each other, again and again. */
export class Rendezvous {
  readonly #size: number;
  #missing: number;
  #all = Promise.withResolvers<void>();

  constructor(size: number) {
    this.#size = size;
    this.#missing = size;
  }

  /** Returns when all have come, or throws when the run is aborted. */
  async meet(signal: AbortSignal): Promise<void> {
    const {promise} = this.#all;
    this.#missing--;
    if (this.#missing === 0) {
      this.#all.resolve();
      this.#all = Promise.withResolvers();
      this.#missing = this.#size;
    }
    await unlessAborted(signal, promise);
  }
}
