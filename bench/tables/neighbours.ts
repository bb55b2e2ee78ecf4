import {showMs} from "../../lib/durations.ts";
import {ours} from "../failover/profile.ts";
import type {NeighboursResults, NeighboursRun} from "../neighbours/results.ts";
import {machineLine, markdown} from "./markdown.ts";

/** False alarms of each profile as Markdown. */
export function neighboursTable(results: NeighboursResults): string {
  const head = [
    "settings",
    "time",
    "Galera views changed",
    "VIP moved",
    "servers taken out",
    "RabbitMQ members taken for down",
    "processes started again",
    "longest outage: SQL, AMQP",
  ];
  const runs = [...results.runs].sort(
    (a, b) => Number(b.profile === ours) - Number(a.profile === ours) || a.profile.localeCompare(b.profile),
  );
  const {neighbours} = runs[0]!;
  return [
    `${neighbours} containers that each keep one core busy, at docker's usual share of the processor. ${machineLine(results)}`,
    "",
    markdown(head, runs.map(row), ["left", ...head.slice(1).map(() => "right" as const)]),
    ...runs
      .filter(run => run.verdict !== "pass")
      .map(run => `\n- ${run.title}: ${run.verdict}. ${run.reasons.join(" ")}`),
  ].join("\n");
}

function row({title, minutes, alarms, outagesMs}: NeighboursRun): string[] {
  const {galeraViews, holderChanges, serversDown, rabbitmqDown, restarts} = alarms ?? {};
  const counts = [galeraViews, holderChanges, serversDown, rabbitmqDown, restarts].map(one =>
    one === undefined ? "–" : String(one),
  );
  const outages = outagesMs
    ? Object.values(outagesMs)
        .map(ms => showMs(ms))
        .join(", ")
    : "–";
  return [title, `${minutes} min`, ...counts, outages];
}
