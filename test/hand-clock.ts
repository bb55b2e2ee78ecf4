import type {Clock} from "../workloads/client/time.ts";

/** Time that a test moves by hand: what depends on it comes out the same on every machine. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #timers: {at: number; call: () => void}[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = {at: this.#now + ms, call};
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** Resolves once that much time has been let pass. */
  sleep(ms: number): Promise<void> {
    return new Promise(resolve => this.after(ms, resolve));
  }

  /** Lets time pass: what falls due is called in its order, each when all that follows from the one before is done. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise(setImmediate);
      const due = this.#timers.filter(timer => timer.at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }
}
