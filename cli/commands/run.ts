import {join} from "node:path";
import type {Command} from "commander";
import type {Result} from "../../lib/result.ts";
import {colourful, screenWidth, table} from "../../lib/terminal.ts";
import type {Topology} from "../../lib/topology.ts";
import {indexOf} from "../../runner/report/index-document.ts";
import {reportFolders, writeIndex} from "../../runner/report/report.ts";
import {overall, summarise, summariseMany} from "../../runner/report/summary.ts";
import {checkScenario, checkWorkloads} from "../../runner/scenario/check.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {example, type Register} from "../command.ts";
import {exitCodes} from "../exit.ts";
import {print, printJson} from "../output.ts";
import {ensureUp} from "../run/ensure.ts";
import {makeRunFolder, typed} from "../run/folder.ts";
import {interruptible} from "../run/interrupt.ts";
import {refuseSecondRun, undoLeftovers} from "../run/leftovers.ts";
import {spreadRows, spreads} from "../run/medians.ts";
import {wholeNumberOption} from "../run/numbers.ts";
import {type Group, groupsOf, runAll} from "../run/session.ts";
import {setUp} from "../setup/setUp.ts";
import {stackReference} from "../stack/reference.ts";
import {checkSettings} from "../stack/settings.ts";

interface Options {
  stack?: string;
  seed?: number;
  repeat: number;
  converge: boolean;
  out: string;
  json?: boolean;
}

/** `holdfast run SCENARIO...`: runs scenarios on their stack and gives a verdict. */
export const run: Register = (program: Command) => {
  program
    .command("run")
    .argument("<SCENARIO...>", "scenario files, or folders of them")
    .summary("prove that a stack survives what a scenario does to it")
    .description(
      "Gets what is missing, brings the stack up where it is not, then runs each scenario: real clients, a fault, a verdict. Ends with 0 (pass), 1 (fail) or 2 (unknown).",
    )
    .option("--stack <STACK>", "run on this stack instead of the one that the scenario names")
    .option(
      "--seed <number>",
      "repeat what is random; each repeat adds one",
      wholeNumberOption("--seed", 0, 2_147_483_647),
    )
    .option("--repeat <times>", "run each so often, and give the median", wholeNumberOption("--repeat", 1, 1000), 1)
    .option("--no-converge", "do not ask at the end whether `up` would change anything")
    .option("--out <folder>", "where reports go", "runs")
    .option("--json", "the result document; of several runs the index document")
    .addHelpText(
      "after",
      example("./holdfast run scenarios/galera/writer-killed.yaml", "./holdfast run scenarios --repeat 5"),
    )
    .action(async (paths: string[], options: Options) => {
      const scenarios = (await findScenarios(paths)).map(s => (options.stack ? {...s, stack: options.stack} : s));
      for (const scenario of scenarios) checkWorkloads(scenario);
      const references = new Map(scenarios.map(s => [s.stack, stackReference(s.stack)]));
      for (const s of scenarios) checkSettings(s.file, references.get(s.stack)!, s.settings);
      await setUp();
      for (const {label} of references.values()) {
        refuseSecondRun(label);
        await undoLeftovers(label);
      }
      const groups = groupsOf(scenarios, ({stack, settings}, all) => {
        const fits = (topology: Topology) => all.forEach(s => void checkScenario(s, topology));
        return once(() => ensureUp(references.get(stack)!, fits, settings));
      });
      // The first stack stands before there is a folder for reports: what is refused leaves none behind.
      await groups[0]!.stand();
      await execute(scenarios, groups, options);
    });
};

async function execute(scenarios: Scenario[], groups: readonly Group[], options: Options): Promise<void> {
  const folder = makeRunFolder(options.out);
  const single = scenarios.length * options.repeat === 1;
  const screen = {width: screenWidth(), colour: colourful()};
  const interrupted = await interruptible(async signal => {
    const ended = (result: Result, page: string) => {
      if (!options.json) print(`\n${summarise(result, {...screen, report: typed(page)})}`);
    };
    const results: Result[] = [];
    const {seed, repeat, converge} = options;
    try {
      await runAll(groups, results, {folder, seed, repeat, converge, signal, ended});
    } finally {
      if (results.length > 0) writeIndex(results, folder);
    }
    const index = join(folder, "index.html");
    if (options.json) printJson(single ? results[0] : indexOf(results, reportFolders(results)));
    else if (!single) print(`\n${summariseMany(results, {...screen, report: typed(index)})}`);
    if (!options.json && options.repeat > 1) print(`\n${medians(results)}`);
    process.exitCode = exitCodes[overall(results)];
    return signal.aborted;
  });
  if (interrupted) process.exitCode = exitCodes.interrupted;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function medians(results: Result[]): string {
  const [head = [], ...rows] = spreadRows(spreads(results));
  const columns = head.map((title, i) => ({title, align: i > 1 ? ("right" as const) : ("left" as const)}));
  return table(rows, {columns, indent: 2});
}
