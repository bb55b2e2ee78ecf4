import {setTimeout as sleep} from "node:timers/promises";
import type {Command} from "commander";
import {refuseForeign} from "../../engine/foreign.ts";
import {interruptible} from "../../engine/interrupt.ts";
import {tellLeftovers} from "../../engine/leftovers.ts";
import {stackReference} from "../../engine/reference.ts";
import {type StackStatus, statusOf} from "../../engine/status.ts";
import {targetOf} from "../../engine/target.ts";
import {readTopology} from "../../engine/topology.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {print, printJson} from "../../lib/output.ts";
import {colourful, paint, printable, screenWidth, table} from "../../lib/terminal.ts";
import {setUp} from "../../setup/set-up.ts";
import {Since} from "../run/since.ts";

/** Pause between two looks of `--watch`. */
const pauseMs = 1000;

/** `holdfast status STACK`: how every member stands in its cluster. */
export const status: Register = (program: Command) => {
  program
    .command("status")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("how every member stands in its cluster")
    .description("Asks every member. Ends with 1 when one is not healthy, or when two hold one address.")
    .option("--watch", "again and again, until Ctrl-C")
    .option("--json", "a document for machines; with --watch one a line")
    .addHelpText("after", example("./holdfast status lab", "./holdfast status lab --watch"))
    .action(async (text: string, options: {watch?: boolean; json?: boolean}) => {
      const reference = stackReference(text);
      await setUp(["pulumi", "engine"]);
      await refuseForeign(reference);
      const {topology} = await readTopology(reference);
      const target = targetOf(topology);
      tellLeftovers(reference.label, text);
      if (options.watch)
        return interruptible(signal => watch(() => statusOf(target, topology), options.json === true, signal));
      const found = await statusOf(target, topology);
      if (options.json) printJson(found);
      else print(drawn(found));
      if (!found.healthy) throw new CliError("", exitCodes.fail);
    });
};

async function watch(look: () => Promise<StackStatus>, json: boolean, signal: AbortSignal): Promise<void> {
  const since = new Since();
  while (!signal.aborted) {
    const found = since.look(await look());
    if (json) print(JSON.stringify(found));
    else print(`${process.stdout.isTTY ? "\x1b[H\x1b[2J" : ""}${drawn(found)}\n`);
    await sleep(pauseMs, undefined, {signal}).catch(() => {});
  }
}

/** Characters of a state that are shown whatever columns that costs: `down (exit code 137)` is whole. */
const leastState = 24;

/** The table for people. */
export function drawn(
  found: StackStatus,
  now = Date.now(),
  screen = {width: screenWidth(), colour: colourful()},
): string {
  const {colour, width} = screen;
  const columns = [
    {title: "component", optional: 4},
    {title: "member", fixed: true},
    {title: "zone", fixed: true, optional: 2},
    {title: "state", least: leastState},
    {title: "roles", fixed: true, optional: 1},
    {title: "for", align: "right" as const, fixed: true, optional: 3},
  ];
  const rows = found.members.map(row => [
    row.component,
    row.member,
    row.zone,
    paint(row.healthy ? "good" : "bad", printable(row.state), colour),
    paint("accent", row.roles.map(showRole).join(", "), colour),
    row.since === undefined
      ? "–"
      : showMs(Math.max(0, Math.round((now - row.since) / 1000) * 1000)).replace(/\.\d+ s$/, " s"),
  ]);
  const alarms = found.alarms.map(alarm => paint("bad", `ALARM ${alarm}`, colour));
  const healthy = found.members.filter(row => row.healthy).length;
  const sum = `${found.stack}: ${healthy} of ${found.members.length} members healthy`;
  return [
    table(rows, {columns, width, colour}),
    "",
    ...alarms,
    paint(found.healthy ? "good" : "bad", sum, colour),
  ].join("\n");
}

function showRole(role: string): string {
  const leads = /^leader:(\d+)$/.exec(role)?.[1];
  return leads ? `leads ${leads} queue${leads === "1" ? "" : "s"}` : role;
}
