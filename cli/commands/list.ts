import type {Command} from "commander";
import {example, type Register} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {print, printJson} from "../../lib/output.ts";
import {projectRoot, typedPath} from "../../lib/paths.ts";
import {colourful, paint, screenWidth, wrap} from "../../lib/terminal.ts";
import {describeChaos, describeFault, describeTime} from "../../runner/faults/describe.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {checkScenarios} from "../run/check.ts";

/** `holdfast list`: the scenarios that there are. */
export const list: Register = (program: Command) => {
  program
    .command("list")
    .argument("[PATH...]", "scenario files, or folders of them (default: those that come with Holdfast)")
    .summary("scenarios, what they do and what must hold")
    .description("Shows each scenario: what happens, its faults, its bounds, and whether it is known to fail.")
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast list", "./holdfast list scenarios/galera --json"))
    .action(async (paths: string[], options: {json?: boolean}) => {
      const scenarios = await findScenarios(paths.length > 0 ? paths : [`${projectRoot}/scenarios`]);
      checkScenarios(scenarios);
      if (options.json) printJson(scenarios.map(toJson));
      else for (const scenario of scenarios) for (const line of describe(scenario)) print(line);
    });
};

function toJson({file, name, summary, stack, known, seed, load, faults, chaos, bounds}: Scenario) {
  return {
    name,
    file: typedPath(file),
    summary,
    stack,
    known,
    seed,
    load,
    faults: faults.map(f => ({...f, asked: describeFault(f)})),
    ...(chaos ? {chaos: {...chaos, asked: describeChaos(chaos)}} : {}),
    bounds,
  };
}

function describe(scenario: Scenario): string[] {
  const width = Math.min(screenWidth(), 110) - 4;
  const on = colourful();
  const say = (title: string, text: string) => wrap(`${title}${text}`, width).map(line => `    ${line}`);
  return [
    `${paint("strong", scenario.name, on)}  ${paint("faint", typedPath(scenario.file), on)}`,
    ...wrap(scenario.summary, width).map(line => `    ${line}`),
    ...say("faults: ", faultsOf(scenario).join("; ") || "none"),
    ...say("bounds: ", boundsOf(scenario).join(", ") || "none"),
    ...(scenario.known ? say("known to fail: ", scenario.known).map(line => paint("warn", line, on)) : []),
    "",
  ];
}

function faultsOf({faults, chaos}: Scenario): string[] {
  return [...faults.map(f => `${describeFault(f)} ${describeTime(f)}`), ...(chaos ? [describeChaos(chaos)] : [])];
}

function boundsOf({bounds, faults, chaos}: Scenario): string[] {
  const per = (kind: string, limits: Record<string, number>, show: (value: number) => string) =>
    Object.entries(limits).map(([name, limit]) => `${kind} ${name} ${show(limit)}`);
  return [
    ...Object.entries(bounds.outage).map(
      ([name, limit]) => `outage ${name} ${limit === "budget" ? limit : showMs(limit)}`,
    ),
    ...per("lost", bounds.lost, String),
    ...per("errors", bounds.errors, String),
    ...per("errors after heal", bounds.errorsAfterHeal, String),
    ...bounds.stays.map(role => `${role.component} ${role.pick} stays`),
    ...per("hitRate", bounds.hitRate, String),
    ...per("holders", bounds.holders, showMs),
    ...bounds.twoHolders.map(name => `${name} has two holders`),
    ...per("evictions", bounds.evictions, String),
    ...(faults.length > 0 || chaos ? [`recovered ${showMs(bounds.recovered)}`] : []),
  ];
}
