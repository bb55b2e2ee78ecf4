import {showMs} from "../../lib/durations.ts";
import {median} from "../failover/figures.ts";
import type {ScaleFigures, ScaleResults} from "../scale/results.ts";
import {machineLine, markdown} from "./markdown.ts";

/** How long ours may take, as a multiple of the plain program's. */
const goal = 1.3;
/** From the last but one size to the last, a further member may cost so many times what it costs before: else it does
 *  not grow linearly. */
const linear = 1.5;

/** Preview and no-change `up` of both programs as Markdown. */
export function scaleTable(results: ScaleResults): string {
  const sizes = [...new Set(results.figures.map(one => one.members))].sort((a, b) => a - b);
  const of = (program: string, members: number) =>
    results.figures.find(one => one.program === program && one.members === members)!;
  const rows = sizes.flatMap(members =>
    (["previewMs", "upMs"] as const).map(what => {
      const [ours, plain] = [of("members", members), of("plain", members)];
      const ratio = median(ours[what]) / median(plain[what]);
      const reached = ratio <= goal ? "reached" : "not reached";
      return [
        what === "previewMs" ? String(members) : "",
        what === "previewMs" ? "preview" : "`up` without changes",
        `${told(ours, what)} (${ours.resources} resources)`,
        `${told(plain, what)} (${plain.resources})`,
        `**${ratio.toFixed(2)}**, ${reached}`,
      ];
    }),
  );
  const head = [
    "members",
    "operation",
    "Holdfast: least, median, most",
    "plain @pulumi/docker",
    `ratio of medians, goal ${goal}`,
  ];
  const growth = (["previewMs", "upMs"] as const).map(what => growthOf(sizes, what, of)).filter(Boolean);
  return [
    machineLine(results),
    "",
    markdown(head, rows, ["right", "left", "right", "right", "right"]),
    ...(growth.length > 0 ? ["", ...growth] : []),
  ].join("\n");
}

type Timed = "previewMs" | "upMs";

function told(figures: ScaleFigures, what: Timed): string {
  const all = figures[what];
  return `${showMs(Math.min(...all))}, **${showMs(median(all))}**, ${showMs(Math.max(...all))}`;
}

/** What a further member costs between each two sizes. */
function growthOf(
  sizes: readonly number[],
  what: Timed,
  of: (program: string, members: number) => ScaleFigures,
): string {
  const steps = sizes.slice(1).map((to, i) => {
    const from = sizes[i]!;
    const cost = (median(of("members", to)[what]) - median(of("members", from)[what])) / (to - from);
    return {from, to, cost};
  });
  const [before, last] = steps.slice(-2);
  if (!before || !last) return "";
  const costs = steps.map(({from, to, cost}) => `${cost.toFixed(1)} ms from ${from} to ${to}`).join(", ");
  const grows = last.cost <= linear * before.cost ? "it grows linearly" : "it grows faster than linearly";
  return `A further member costs ${what === "previewMs" ? "a preview" : "an `up` without changes"} ${costs}: ${grows}.`;
}
