/** How many of the last starts count. */
const last = 5;

/** How long the engine takes to start a container, by those that it has started lately. */
export class Starts {
  readonly #ms: number[] = [];

  async measure<T>(start: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const done = await start();
    this.#ms.push(performance.now() - from);
    return done;
  }

  /** The median of the last ones; 0 where there is none. */
  get typicalMs(): number {
    const sorted = this.#ms.slice(-last).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}
