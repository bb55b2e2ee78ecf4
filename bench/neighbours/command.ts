import {join} from "node:path";
import type {Command} from "commander";
import {interruptible} from "../../engine/interrupt.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {stackReference} from "../../engine/reference.ts";
import {example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {exitCodes} from "../../lib/exit.ts";
import {projectRoot} from "../../lib/paths.ts";
import {findScenarios} from "../../runner/scenario/find.ts";
import {setUp} from "../../setup/set-up.ts";
import {commit} from "../about.ts";
import {readFaults} from "../failover/faults.ts";
import {readProfiles} from "../failover/profile.ts";
import {namesIn} from "../options.ts";
import {publish} from "../publish.ts";
import {neighboursTable} from "../tables/neighbours.ts";
import {WorkFolder} from "../work.ts";
import {benchNeighbours} from "./bench.ts";
import type {NeighboursResults} from "./results.ts";

interface Options {
  stack: string;
  minutes: number;
  neighbours: number;
  profiles?: string;
  work: string;
  fresh?: boolean;
  json?: boolean;
}

const here = join(projectRoot, "bench");

/** `bench/run neighbours`: how often a healthy member is taken for lost on a machine that has other things to do. */
export const neighbours: Register = (program: Command) => {
  program
    .command("neighbours")
    .summary("false alarms beside neighbours that keep every core busy")
    .description(
      "Puts containers beside the stack that each keep a core busy, and counts evictions and failovers of members that are healthy, once with each profile. Writes bench/results/neighbours-<day>.json. What is done is kept: the same command goes on after an interrupt.",
    )
    .option("--stack <STACK>", "the lab that is changed and watched", "lab:bench")
    .option("--minutes <minutes>", "how long, for each profile", wholeNumberOption("--minutes", 1, 50), 10)
    .option(
      "--neighbours <count>",
      "containers that each keep one core busy",
      wholeNumberOption("--neighbours", 1, 64),
      2,
    )
    .option("--profiles <names>", "only these, with commas")
    .option("--work <folder>", "where finished runs are kept, each with its report", "runs/bench-neighbours")
    .option("--fresh", "drop what is kept and begin anew")
    .option("--json", "the results document")
    .addHelpText("after", example("bench/run neighbours", "bench/run neighbours --minutes 1 --profiles holdfast"))
    .action(bench);
};

async function bench(options: Options): Promise<void> {
  const reference = stackReference(options.stack);
  const all = readProfiles(join(here, "failover", "profiles"), Object.keys(await readFaults()));
  const names = namesIn(
    "--profiles",
    options.profiles,
    all.map(p => p.name),
  );
  const profiles = all.filter(profile => names.includes(profile.name));
  const [scenario] = await findScenarios([join(here, "neighbours", "healthy.yaml")]);
  const {minutes, neighbours} = options;
  const version = await commit();
  const work = WorkFolder.open(
    options.work,
    {commit: version, minutes: String(minutes), neighbours: String(neighbours)},
    options.fresh,
  );
  await setUp();
  refuseSecondRun(reference.label);
  await undoLeftovers(reference.label);
  await interruptible(async signal => {
    const runs = await benchNeighbours({
      reference,
      profiles,
      scenario: scenario!,
      neighbours,
      minutes,
      work,
      signal,
    });
    if (runs.length === 0) return;
    const times = runs.map(run => run.began).sort();
    const results: NeighboursResults = {
      version: 1,
      bench: "neighbours",
      began: times[0]!,
      ended: times.at(-1)!,
      commit: version,
      machine: work.read<{machine: NeighboursResults["machine"]}>("machine")!.machine,
      runs,
    };
    publish(results, neighboursTable, options.json);
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
    else if (runs.some(run => run.verdict !== "pass")) process.exitCode = exitCodes.fail;
  });
}
