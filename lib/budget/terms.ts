import type {BudgetTerm} from "../result.ts";

/** One summand. */
export type Term = BudgetTerm;

/** What the terms add up to, in milliseconds. */
export const sumOf = (terms: readonly Term[]): number => terms.reduce((sum, term) => sum + term.ms, 0);

/** The least that they add up to: without those that may be nothing. */
export const leastOf = (terms: readonly Term[]): number => sumOf(terms.filter(term => !term.upTo));

/** The terms with the largest sum; of equal ones the first. They are things that go on side by side. */
export function longest(...sums: readonly (readonly Term[])[]): readonly Term[] {
  return sums.reduce((most, terms) => (sumOf(terms) > sumOf(most) ? terms : most), []);
}

/** `2 x check without answer 500 ms`, 1 s. */
export function times(name: string, ms: number, count: number): Term {
  return {name: count === 1 ? name : `${count} x ${name} ${shortMs(ms)}`, ms: ms * count};
}

/** Something that has its turn every so often: the wait is anything up to that. */
export function turn(name: string, ms: number): Term {
  return {name, ms, upTo: true};
}

/** `3 x advert interval 50 ms: 150 ms`, and so on. */
export const equation = (terms: readonly Term[]): string =>
  terms.map(term => `${term.name}: ${term.upTo ? "up to " : ""}${shortMs(term.ms)}`).join("; ");

/** `200 ms`, `1 s`, `3.75 s`: as short as the figure is. */
export function shortMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(3))} s`;
}

/** A budget cannot be computed; the message says why, in a sentence. */
export class NoBudget extends Error {
  override name = "NoBudget";
}
