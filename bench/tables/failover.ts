import {showMs} from "../../lib/durations.ts";
import {type Goal, goals, type Ratio, ratios, reached, type Spread, spreads} from "../failover/figures.ts";
import {ours} from "../failover/profile.ts";
import type {FailoverResults} from "../failover/results.ts";
import {machineLine, markdown, times} from "./markdown.ts";

/** The comparison as Markdown: outages of every fault and profile, how many times shorter ours are, and the goals. */
export function failoverTable(results: FailoverResults): string {
  const all = spreads(results.runs);
  const found = ratios(all);
  const title = (name: string) => results.profiles.find(profile => profile.name === name)?.title ?? name;
  const head = [
    "fault",
    "settings",
    "outage: least, median, most",
    "runs",
    "acknowledged and lost",
    "times Holdfast's (of medians; least to most)",
  ];
  const rows = faultsOf(all).flatMap(fault =>
    inOrder(all.filter(spread => spread.fault === fault)).map((spread, i) => [
      i === 0 ? words(fault) : "",
      title(spread.profile),
      outages(spread),
      String(spread.runs),
      `${spread.lost} of ${spread.acknowledged}`,
      ratioOf(found.find(ratio => ratio.fault === fault && ratio.profile === spread.profile)),
    ]),
  );
  const reachedRows = goals.map(goal => [words(goal.fault), title(goal.profile), `${goal.times}`, goalOf(goal, found)]);
  return [
    machineLine(results),
    "",
    markdown(head, rows, ["left", "left", "left", "right", "right", "right"]),
    "",
    markdown(["fault", "held against", "goal: times shorter", "measured"], reachedRows, [
      "left",
      "left",
      "right",
      "left",
    ]),
    ...notPassed(results),
  ].join("\n");
}

const words = (fault: string) =>
  fault
    .replaceAll("-", " ")
    .replace(/^vip/, "VIP")
    .replace(/^galera/, "Galera")
    .replace(/^rabbitmq/, "RabbitMQ");

const faultsOf = (all: readonly Spread[]) =>
  [...new Set(all.map(spread => spread.fault))].sort((a, b) => goalIndex(a) - goalIndex(b));
const goalIndex = (fault: string) => goals.findIndex(goal => goal.fault === fault);
const inOrder = (all: readonly Spread[]) =>
  [...all].sort(
    (a, b) =>
      Number(b.profile === ours) - Number(a.profile === ours) ||
      a.median - b.median ||
      a.profile.localeCompare(b.profile),
  );

function outages({min, median, max, atLeast}: Spread): string {
  return `${showMs(min)}, **${showMs(median)}**, ${showMs(max)}${atLeast ? " or more" : ""}`;
}

function ratioOf(ratio: Ratio | undefined): string {
  if (!ratio) return "–";
  return `${ratio.atLeast ? "≥ " : ""}**${times(ratio.median)}** (${times(ratio.least)} to ${times(ratio.most)})`;
}

function goalOf(goal: Goal, found: readonly Ratio[]): string {
  const ratio = found.find(one => one.fault === goal.fault && one.profile === goal.profile);
  if (!ratio) return "not measured";
  return `${ratio.atLeast ? "≥ " : ""}${times(ratio.median)}, ${reached(goal, found) ? "reached" : "not reached"}`;
}

/** Runs that did not pass are told, each with its reason. */
function notPassed({runs}: FailoverResults): string[] {
  const failed = runs.filter(run => run.verdict !== "pass");
  if (failed.length === 0) return [];
  const lines = failed.map(
    run => `- ${words(run.fault)}, ${run.profile}, run ${run.number}: ${run.verdict}. ${run.reasons.join(" ")}`,
  );
  return ["", "Runs that did not pass:", "", ...lines];
}
