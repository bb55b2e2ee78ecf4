import {join} from "node:path";
import {type Command, InvalidArgumentError} from "commander";
import {ensureUp} from "../../engine/ensure.ts";
import {refuseForeign} from "../../engine/foreign.ts";
import {holdStacks} from "../../engine/hold.ts";
import {interruptible} from "../../engine/interrupt.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {type StackReference, stackReference} from "../../engine/reference.ts";
import {type Group, groupsOf, runAll, seedOf} from "../../engine/session.ts";
import {checkOwn} from "../../engine/settings.ts";
import {durationOption, example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {typedPath} from "../../lib/paths.ts";
import type {Result} from "../../lib/result.ts";
import {colourful, screenWidth} from "../../lib/terminal.ts";
import type {Topology} from "../../lib/topology.ts";
import {indexOf} from "../../report/index-document.ts";
import {reportFolders} from "../../report/report.ts";
import {summarise} from "../../report/summary.ts";
import {overall, summariseMany} from "../../report/summary-many.ts";
import {checkScenario} from "../../runner/scenario/check.ts";
import type {Scenario} from "../../runner/scenario/scenario.ts";
import {setUp} from "../../setup/set-up.ts";
import {Artefacts} from "../run/artefacts.ts";
import {checkScenarios} from "../run/check.ts";
import {chooseScenarios} from "../run/choose.ts";
import {checkFile, checkFolder} from "../run/folder.ts";
import {medians} from "../run/medians.ts";
import {RunWatch} from "../run/watch.ts";

interface Options {
  all?: boolean;
  stack?: string;
  seed?: number;
  repeat: number;
  limit?: number;
  converge: boolean;
  out: string;
  /** True: in the folder of `out`. */
  junit?: string | true;
  json?: boolean;
}

/** `holdfast run SCENARIO...`: runs scenarios on their stack and gives a verdict. */
export const run: Register = (program: Command) => {
  program
    .command("run")
    .argument("[SCENARIO...]", "scenario files, or folders of them")
    .summary("prove that a stack survives what a scenario does to it")
    .description(
      "Gets what is missing, brings the stack up where it is not, then runs each scenario: real clients, a fault, a verdict. Ends with 0 (pass), 1 (fail) or 2 (unknown).",
    )
    .option("--all", "every scenario that comes with Holdfast; with --stack those that are for that stack")
    .option("--stack <STACK>", "run on this stack instead of the one that the scenario names")
    .option(
      "--seed <number>",
      "repeat what is random; each repeat adds one",
      wholeNumberOption("--seed", 0, 2_147_483_647),
    )
    .option("--repeat <times>", "run each so often, and give the median", wholeNumberOption("--repeat", 1, 1000), 1)
    .option(
      "--limit <time>",
      "longest time for each run, such as 10m; one that passes it is healed and unknown",
      durationOption("--limit"),
    )
    .option("--no-converge", "do not ask at the end whether `up` would change anything")
    .option("--out <folder>", "where reports go", "runs")
    .option("--junit [file]", "JUnit of all runs in this file (default: junit.xml in the folder of --out)", junitOption)
    .option("--json", "the result document; of several runs the index document")
    .addHelpText(
      "after",
      example(
        "./holdfast run scenarios/galera/writer-killed.yaml",
        "./holdfast run scenarios --repeat 5",
        "./holdfast run --all --limit 10m --junit",
      ),
    )
    .action(async (paths: string[], options: Options) => {
      const scenarios = await chooseScenarios(paths, options);
      // What the command line names is its own to answer for, not a file's.
      if (options.stack) stackReference(options.stack);
      const references = checkScenarios(scenarios);
      for (const {stack, settings} of scenarios) checkOwn(references.get(stack)!, settings);
      checkFolder(options.out);
      if (typeof options.junit === "string") checkFile(options.junit);
      await setUp();
      const labels = [...references.values()].map(reference => reference.label);
      for (const label of labels) refuseSecondRun(label);
      await holdStacks(labels, async () => {
        for (const reference of references.values()) await refuseForeign(reference);
        for (const label of labels) await undoLeftovers(label);
        const groups = groupsWith(scenarios, references, options);
        // The first stack stands before there is a folder for reports: what is refused leaves none behind.
        await groups[0]!.stand();
        await execute(scenarios, groups, options);
      });
    });
};

/** The scenarios by what they need; the stack of each group is made when its turn comes, once, and has to fit all of
 *  them. */
function groupsWith(
  scenarios: Scenario[],
  references: ReadonlyMap<string, StackReference>,
  {seed, repeat}: Pick<Options, "seed" | "repeat">,
): Group[] {
  const seedsOf = (scenario: Scenario) =>
    Array.from({length: repeat}, (_, round) => seedOf(scenario, round, seed) ?? 1);
  return groupsOf(scenarios, ({stack, settings}, all) => {
    const fits = (topology: Topology) => all.forEach(s => void checkScenario(s, topology, seedsOf(s)));
    return once(() => ensureUp(references.get(stack)!, fits, settings));
  });
}

async function execute(scenarios: Scenario[], groups: readonly Group[], options: Options): Promise<void> {
  const junitFile = options.junit === true ? join(options.out, "junit.xml") : options.junit;
  const artefacts = new Artefacts(options.out, junitFile);
  const interrupted = await interruptible(async signal => {
    const {seed, repeat, converge, stack, limit} = options;
    const results: Result[] = [];
    const ended = () => keep(artefacts, results, options);
    const watch = (scenario: string) => new RunWatch(scenario);
    try {
      await runAll(groups, results, {seed, repeat, converge, stack, limit, signal, watch, ended});
    } finally {
      // What there is, even where a stack could not be made for the rest.
      tell(results, typedPath(artefacts.index), scenarios.length * repeat === 1, options);
      if (junitFile && artefacts.complete) note(`holdfast: JUnit: ${typedPath(junitFile)}`);
    }
    process.exitCode = exitCodes[overall(results)];
    return signal.aborted;
  });
  if (interrupted) process.exitCode = exitCodes.interrupted;
}

/** Writes the report of the run that has just ended and tells what it found, even where it cannot be written. */
function keep(artefacts: Artefacts, results: Result[], {json}: Options): void {
  let page: string | undefined;
  try {
    page = typedPath(artefacts.keep(results));
  } finally {
    const screen = {width: screenWidth(), colour: colourful()};
    if (!json) print(`\n${summarise(results.at(-1)!, {...screen, report: page})}`);
  }
}

/** The end of the command: of several runs, all side by side. */
function tell(results: Result[], index: string, single: boolean, {json, repeat}: Options): void {
  if (results.length === 0) return;
  if (json) {
    printJson(single ? results[0] : indexOf(results, reportFolders(results)));
    return;
  }
  const screen = {width: screenWidth(), colour: colourful()};
  if (!single) print(`\n${summariseMany(results, {...screen, report: index})}`);
  if (repeat > 1) print(`\n${medians(results)}`);
}

/** `--junit scenarios/x.yaml` would take the scenario for the file to write. */
function junitOption(file: string): string {
  if (file.endsWith(".xml")) return file;
  throw new InvalidArgumentError("--junit takes a file that ends with .xml, or stands alone behind the scenarios.");
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
