import type {LoadCounts, Snapshot} from "../../runner/phases/progress.ts";

/** Shortest time between two counts: clients tell in batches, and a shorter one would show those. */
const leastMs = 450;

/** Operations a second of each workload over the last while, from counts that only go up. */
export class Rates {
  readonly #seen = new Map<string, {at: number; ok: number}[]>();
  readonly #kept: number;

  /** `kept`: how many rates are remembered. */
  constructor(kept = 40) {
    this.#kept = kept;
  }

  /** Takes the counts of that moment, Unix milliseconds. */
  add(loads: Snapshot["loads"], at: number): void {
    for (const [name, {ok}] of Object.entries<LoadCounts>(loads)) {
      const own = this.#seen.get(name) ?? [];
      if (at - (own.at(-1)?.at ?? Number.NEGATIVE_INFINITY) < leastMs) continue;
      this.#seen.set(name, [...own, {at, ok}].slice(-this.#kept - 1));
    }
  }

  /** One rate for each two counts that follow each other, the latest last. */
  of(name: string): number[] {
    const own = this.#seen.get(name) ?? [];
    return own.slice(1).map((now, i) => {
      const before = own[i]!;
      return now.at > before.at ? ((now.ok - before.ok) * 1000) / (now.at - before.at) : 0;
    });
  }

  /** Over the last second or so. */
  now(name: string): number {
    const last = this.of(name).slice(-2);
    return last.length ? last.reduce((a, b) => a + b, 0) / last.length : 0;
  }
}

const bars = "▁▂▃▄▅▆▇█";

/** A line of bars from zero to the highest value; a space where there was nothing. At most `width` of the last ones. */
export function sparkline(values: readonly number[], width: number): string {
  const last = width > 0 ? values.slice(-width) : [];
  const top = Math.max(...last, 1e-9);
  return last.map(v => (v <= 0 ? " " : bars[Math.min(7, Math.floor((v / top) * 7.999))])).join("");
}
