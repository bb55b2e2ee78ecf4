import {resolve} from "node:path";
import type {Command} from "commander";
import {refuseSecondRun} from "../../engine/leftovers.ts";
import {asTyped} from "../../engine/open.ts";
import {stackReference} from "../../engine/reference.ts";
import {targetFor} from "../../engine/target.ts";
import {example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {note} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";
import {commit} from "../about.ts";
import {publish} from "../publish.ts";
import {upTable} from "../tables/up.ts";
import {WorkFolder} from "../work.ts";
import {ComposeProject, composeVersion} from "./docker-compose.ts";
import {holdfast, stateOf} from "./holdfast.ts";
import type {UpResults} from "./results.ts";

interface Options {
  stack: string;
  repeats: number;
  work: string;
  fresh?: boolean;
  json?: boolean;
}

type Figures = Pick<UpResults, "containers" | "holdfastMs" | "composeMs">;

/** `bench/run up`: bring-up to all healthy against docker-compose, with the same containers. */
export const up: Register = (program: Command) => {
  program
    .command("up")
    .summary("bring-up to all healthy against docker-compose")
    .description(
      "Brings the lab up and down in turn with Holdfast and with docker-compose, from the same images, commands, files and order, images present. Installs Debian's docker-compose as root where it is missing. Writes bench/results/up-<day>.json. What is done is kept: the same command goes on after an interrupt.",
    )
    .option("--stack <STACK>", "the lab that is brought up and taken down", "lab:bench")
    .option("--repeats <times>", "of each", wholeNumberOption("--repeats", 1, 100), 5)
    .option("--work <folder>", "where finished repeats are kept", "runs/bench-up")
    .option("--fresh", "drop what is kept and begin anew")
    .option("--json", "the results document")
    .addHelpText("after", example("bench/run up --repeats 3"))
    .action(bench);
};

async function bench(options: Options): Promise<void> {
  const reference = stackReference(options.stack);
  const version = await commit();
  const work = WorkFolder.open(options.work, {commit: version}, options.fresh);
  await setUp();
  const compose = await composeVersion();
  if (!compose) {
    note(
      "bench: left out. docker-compose is not here, and only root on Debian can install it (apt-get install docker-compose).",
    );
    return;
  }
  refuseSecondRun(reference.label);
  const began = new Date().toISOString();
  const figures = work.read<Figures>("figures") ?? {containers: 0, holdfastMs: [], composeMs: []};
  const typed = asTyped(reference);
  await holdfast("down", typed);
  while (figures.composeMs.length < options.repeats) {
    const number = figures.composeMs.length + 1;
    figures.holdfastMs[number - 1] = await holdfast("up", typed);
    note(`bench: ${number} of ${options.repeats}: Holdfast ${showMs(figures.holdfastMs[number - 1]!)}`);
    const project = new ComposeProject(
      `bench-${reference.name}`,
      resolve(work.folder, "compose"),
      await stateOf(reference),
    );
    await holdfast("down", typed);
    try {
      figures.composeMs.push(await project.up());
      figures.containers = await project.size();
    } finally {
      await project.down();
      project.remove();
    }
    note(`bench: ${number} of ${options.repeats}: docker-compose ${showMs(figures.composeMs.at(-1)!)}`);
    work.write("figures", figures);
  }
  const machine = await targetFor("docker").machine();
  const results: UpResults = {
    version: 1,
    bench: "up",
    began,
    ended: new Date().toISOString(),
    commit: version,
    machine,
    compose,
    ...figures,
  };
  publish(results, upTable, options.json);
}
