import {uniformInt} from "pure-rand/distribution/uniformInt";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";

/** Choices that a seed repeats. */
export class Random {
  readonly seed: number;
  readonly #generator;

  constructor(seed: number) {
    this.seed = seed;
    this.#generator = xoroshiro128plus(seed);
  }

  /** One of them. Throws when there is none. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error("There is nothing to pick from.");
    return choices[this.below(choices.length)]!;
  }

  /** A whole number from 0 to one below the limit. */
  below(limit: number): number {
    return uniformInt(this.#generator, 0, limit - 1);
  }
}

/** A seed that nobody chose. */
export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
