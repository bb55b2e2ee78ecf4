import {join} from "node:path";
import type {Command} from "commander";
import {interruptible} from "../../engine/interrupt.ts";
import {refuseSecondRun, undoLeftovers} from "../../engine/leftovers.ts";
import {stackReference} from "../../engine/reference.ts";
import {settingProblems} from "../../engine/settings.ts";
import {example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {exitCodes} from "../../lib/exit.ts";
import {projectRoot} from "../../lib/paths.ts";
import {refuse} from "../../lib/problems.ts";
import {setUp} from "../../setup/set-up.ts";
import {commit} from "../about.ts";
import {namesIn} from "../options.ts";
import {publish} from "../publish.ts";
import {failoverTable} from "../tables/failover.ts";
import {WorkFolder} from "../work.ts";
import {benchFailover} from "./bench.ts";
import {readFaults} from "./faults.ts";
import {planOf} from "./plan.ts";
import {type Profile, readProfiles} from "./profile.ts";
import type {FailoverResults} from "./results.ts";

interface Options {
  stack: string;
  repeats: number;
  profiles?: string;
  faults?: string;
  work: string;
  fresh?: boolean;
  again?: boolean;
  json?: boolean;
}

const here = join(projectRoot, "bench", "failover");

/** `bench/run failover`: the same faults under Holdfast's defaults and under each peer's published values. */
export const failover: Register = (program: Command) => {
  program
    .command("failover")
    .summary("outages under Holdfast's defaults and under the values that peers publish")
    .description(
      "Kills and freezes members of one stack under a real load, once with each profile, and writes bench/results/failover-<day>.json. What is done is kept: the same command goes on after an interrupt.",
    )
    .option("--stack <STACK>", "the lab that is changed and broken", "lab:bench")
    .option("--repeats <times>", "runs of each fault under each profile", wholeNumberOption("--repeats", 1, 100), 5)
    .option("--profiles <names>", "only these, with commas")
    .option("--faults <names>", "only these, with commas")
    .option("--work <folder>", "where finished runs are kept, each with its report", "runs/bench-failover")
    .option("--fresh", "drop what is kept and begin anew")
    .option("--again", "make runs again that did not pass")
    .option("--json", "the results document")
    .addHelpText(
      "after",
      example(
        "bench/run failover",
        "bench/run failover --repeats 1 --profiles holdfast,kolla-ansible --faults vip-holder-killed",
      ),
    )
    .action(bench);
};

async function bench(options: Options): Promise<void> {
  const reference = stackReference(options.stack);
  const faults = await readFaults();
  const all = readProfiles(join(here, "profiles"), Object.keys(faults));
  const chosen = namesIn(
    "--profiles",
    options.profiles,
    all.map(p => p.name),
  );
  const names = namesIn("--faults", options.faults, Object.keys(faults));
  const profiles = all.filter(profile => chosen.includes(profile.name));
  for (const {name, settings} of profiles) refuse(`profile ${name}`, settingProblems(reference, settings, "settings"));
  const plan = planOf(profiles, names, options.repeats);
  const version = await commit();
  const work = WorkFolder.open(options.work, {commit: version}, options.fresh);
  await setUp();
  refuseSecondRun(reference.label);
  await undoLeftovers(reference.label);
  await interruptible(async signal => {
    const again = options.again === true;
    const runs = await benchFailover({reference, profiles, faults, plan, work, again, signal});
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
    if (runs.length === 0) return;
    const times = runs.map(run => run.began).sort();
    const {machine, versions} = work.read<Pick<FailoverResults, "machine" | "versions">>("machine")!;
    const results: FailoverResults = {
      version: 1,
      bench: "failover",
      began: times[0]!,
      ended: times.at(-1)!,
      commit: version,
      machine,
      versions,
      profiles: all.filter(({name}) => runs.some(run => run.profile === name)).map(published),
      runs,
    };
    publish(results, failoverTable, options.json, `${runs.length} runs, `);
    if (signal.aborted) process.exitCode = exitCodes.interrupted;
    else if (runs.some(run => run.verdict !== "pass")) process.exitCode = exitCodes.fail;
  });
}

const published = ({name, title, settings, sources, notExpressed}: Profile) => ({
  name,
  title,
  settings,
  sources,
  notExpressed,
});
