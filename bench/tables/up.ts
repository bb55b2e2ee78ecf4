import {showMs} from "../../lib/durations.ts";
import {median} from "../failover/figures.ts";
import type {UpResults} from "../up/results.ts";
import {machineLine, markdown} from "./markdown.ts";

/** How long Holdfast's bring-up may be, as a multiple of docker-compose's. */
const goal = 1.2;

/** Bring-up against docker-compose as Markdown. */
export function upTable(results: UpResults): string {
  const {holdfastMs, composeMs, containers, compose} = results;
  const ratio = median(holdfastMs) / median(composeMs);
  const row = (name: string, all: number[]) => [
    name,
    `${showMs(Math.min(...all))}, **${showMs(median(all))}**, ${showMs(Math.max(...all))}`,
    String(all.length),
  ];
  return [
    machineLine(results),
    "",
    markdown(
      [`${containers} containers, until every member is healthy`, "least, median, most", "runs"],
      [row("Holdfast", holdfastMs), row(`docker-compose ${compose}`, composeMs)],
      ["left", "left", "right"],
    ),
    "",
    `Ratio of the medians: **${ratio.toFixed(2)}**; goal at most ${goal}: ${ratio <= goal ? "reached" : "not reached"}.`,
  ].join("\n");
}
