import type {Lint} from "../../lib/budget/lint.ts";
import {shortMs, type Term} from "../../lib/budget/terms.ts";
import {paint, wrap} from "../../lib/terminal.ts";
import type {Row} from "../../runner/budget/table.ts";

/** The budgets of a stack for people: under each component the sums with their equations. Failures and endpoints with
 *  the same equation share a line. */
export function budgetText(rows: readonly Row[], screen: {width: number; colour: boolean}): string[] {
  return [...Map.groupBy(rows, row => row.component)].flatMap(([component, own]) => [
    "",
    paint("strong", component === "zone" ? "a whole zone" : component, screen.colour),
    ...[...Map.groupBy(own, alike).values()].flatMap(same => lines(same, screen)),
  ]);
}

/** Lints for people, one after the other. */
export function lintText(lints: readonly Lint[], {width, colour}: {width: number; colour: boolean}): string[] {
  return lints.flatMap(({level, component, text}) => {
    const [first = "", ...rest] = wrap(`${level}: ${component} ${text}`, width - 2);
    const style = level === "error" ? "bad" : "warn";
    return [paint(style, first, colour), ...rest.map(line => `  ${line}`)];
  });
}

function lines(same: readonly Row[], screen: {width: number; colour: boolean}): string[] {
  const {budget} = same[0]!;
  const text = [...endpointsByKinds(same)].map(([kinds, endpoints]) => `${kinds} (${endpoints})`).join("; ");
  return [
    ...block(budget, text, said(same[0]!), screen),
    ...(budget?.back ? block(budget.back, "and once more when it comes back", equation(budget.back), screen) : []),
  ];
}

/** The sum, what it is for, and the equation below. */
function block(
  budget: {ms: number} | undefined,
  text: string,
  below: string,
  {width, colour}: {width: number; colour: boolean},
): string[] {
  const sum = paint(budget ? "accent" : "bad", (budget ? shortMs(Math.round(budget.ms)) : "none").padStart(8), colour);
  return [
    ...wrap(text, width - 10).map((line, i) => `${i === 0 ? sum : " ".repeat(8)}  ${line}`),
    ...wrap(below, width - 10).map(line => `          ${paint("faint", line, colour)}`),
  ];
}

/** `member silent, host lost`: the endpoints that both cost the same. */
function endpointsByKinds(same: readonly Row[]): Map<string, string> {
  const endpoints = Map.groupBy(same, row => row.kind);
  const named = [...endpoints].map(([kind, rows]) => [kind, rows.map(row => row.endpoint).join(", ")] as const);
  const kinds = Map.groupBy(named, ([, names]) => names);
  return new Map([...kinds].map(([names, of]) => [of.map(([kind]) => kind).join(", "), names]));
}

/** What makes rows share a line. */
const alike = (row: Row): string => `${said(row)} ${row.budget?.back ? equation(row.budget.back) : ""}`;

/** The equation, or why there is no budget. */
function said({budget, because}: Row): string {
  return budget ? equation(budget) : (because ?? "");
}

/** `= 1 s (suspect timeout) + up to 250 ms (next look for silence)`. */
const equation = ({terms}: {terms: readonly Term[]}): string =>
  `= ${terms.map(term => `${term.upTo ? "up to " : ""}${shortMs(term.ms)} (${term.name})`).join(" + ")}`;
