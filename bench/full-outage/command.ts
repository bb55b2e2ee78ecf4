import {join} from "node:path";
import type {Command} from "commander";
import {interruptible} from "../../engine/interrupt.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {stackReference} from "../../engine/reference.ts";
import {example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {projectRoot} from "../../lib/paths.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import {setUp} from "../../setup/set-up.ts";
import {commit} from "../about.ts";
import {writeResults} from "../results.ts";
import {WorkFolder} from "../work.ts";
import {benchFullOutage} from "./bench.ts";
import {fullOutageTable} from "./figures.ts";
import type {FullOutageResults} from "./results.ts";

interface Options {
  stack: string;
  repeats: number;
  work: string;
  fresh?: boolean;
  json?: boolean;
}

/** `bench/run full-outage`: how long it takes until clients are served again after everything was lost. */
export const fullOutage: Register = (program: Command) => {
  program
    .command("full-outage")
    .summary("time to serve again after everything was killed at once, members back in any order")
    .description(
      "Runs scenarios/power/lost.yaml with the seeds from 1 on: order and times of return are the seed's. Writes bench/results/full-outage-<day>.json. What is done is kept: the same command goes on after an interrupt.",
    )
    .option("--stack <STACK>", "the lab that loses its power", "lab:bench")
    .option("--repeats <count>", "how many seeds", wholeNumberOption("--repeats", 1, 1000), 20)
    .option("--work <folder>", "where finished runs are kept, each with its report", "runs/bench-full-outage")
    .option("--fresh", "drop what is kept and begin anew")
    .option("--json", "the results document")
    .addHelpText("after", example("bench/run full-outage", "bench/run full-outage --repeats 3"))
    .action(bench);
};

async function bench(options: Options): Promise<void> {
  const reference = stackReference(options.stack);
  const [scenario] = await findScenarios([join(projectRoot, "scenarios", "power", "lost.yaml")]);
  const version = await commit();
  const work = WorkFolder.open(options.work, {commit: version}, options.fresh);
  await setUp();
  refuseSecondRun(reference.label);
  await undoLeftovers(reference.label);
  await interruptible(async signal => {
    const runs = await benchFullOutage({reference, scenario: scenario!, repeats: options.repeats, work, signal});
    const machine = work.read<{machine: FullOutageResults["machine"]}>("machine")?.machine;
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
    if (runs.length === 0 || !machine) return;
    const times = runs.map(run => run.began).sort();
    const {over} = scenario!.faults[0]!.params.return as {over: number};
    const results: FullOutageResults = {
      version: 1,
      bench: "full-outage",
      began: times[0]!,
      ended: times.at(-1)!,
      commit: version,
      machine,
      overMs: over,
      runs,
    };
    note(`\nbench: ${runs.length} runs, written to ${writeResults(results)}`);
    if (options.json) printJson(results);
    else print(fullOutageTable(results));
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
    else if (runs.some(run => run.verdict !== "pass")) process.exitCode = exitCodes.fail;
  });
}
