import type {Lint} from "../../lib/budget/lints.ts";
import type {Row} from "../../lib/budget/table.ts";
import {shortMs} from "../../lib/budget/terms.ts";
import {paint, wrap} from "../../lib/terminal.ts";

/** The budgets of a stack for people: under each component each failure with its sum and its equation. Endpoints with the same equation
 *  share a line. */
export function budgetText(rows: readonly Row[], screen: {width: number; colour: boolean}): string[] {
  return [...Map.groupBy(rows, row => row.component)].flatMap(([component, own]) => [
    "",
    paint("strong", component === "zone" ? "a whole zone" : component, screen.colour),
    ...[...Map.groupBy(own, row => `${row.kind} ${said(row)}`).values()].flatMap(same => lines(same, screen)),
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

function lines(same: readonly Row[], {width, colour}: {width: number; colour: boolean}): string[] {
  const [{kind, budget} = {} as Row] = same;
  const endpoints = same.map(row => row.endpoint).join(", ");
  const sum = budget ? shortMs(Math.round(budget.ms)) : "none";
  return [
    `  ${kind.padEnd(15)} ${paint(budget ? "accent" : "bad", sum.padStart(8), colour)}  ${endpoints}`,
    ...wrap(said(same[0]!), width - 8).map(line => `        ${paint("faint", line, colour)}`),
  ];
}

/** `1 s suspect timeout + up to 250 ms next look for silence`, or why there is no budget. */
function said({budget, because}: Row): string {
  return budget
    ? `= ${budget.terms.map(term => `${term.upTo ? "up to " : ""}${shortMs(term.ms)} (${term.name})`).join(" + ")}`
    : (because ?? "");
}
