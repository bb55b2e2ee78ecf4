import {isDeepStrictEqual} from "node:util";
import type {Command} from "commander";
import {targetFor} from "../../engine/target.ts";
import {example, type Register, wholeNumberOption} from "../../lib/command-line.ts";
import {showMs} from "../../lib/durations.ts";
import {note} from "../../lib/output.ts";
import {setUp} from "../../setup/set-up.ts";
import {commit} from "../about.ts";
import {namesIn} from "../options.ts";
import {publish} from "../publish.ts";
import {scaleTable} from "../tables/scale.ts";
import type {StateResource} from "../up/compose.ts";
import {WorkFolder} from "../work.ts";
import {ScaleProgram} from "./program.ts";
import type {ScaleFigures, ScaleResults} from "./results.ts";
import {dockerInputs} from "./state.ts";

interface Options {
  sizes?: string;
  repeats: number;
  subnet: string;
  work: string;
  fresh?: boolean;
  json?: boolean;
}

const sizes = [10, 100, 1000];

/** `bench/run scale`: preview and an `up` without changes, against a plain program with the same docker resources. */
export const scale: Register = (program: Command) => {
  program
    .command("scale")
    .summary("preview and no-change up for 10, 100 and 1,000 members against plain @pulumi/docker")
    .description(
      "Makes ten members for real, derives the states of more from them, and takes the time of a preview and of an `up` without changes, in turn with a plain program that has the same docker resources. Writes bench/results/scale-<day>.json. What is done is kept.",
    )
    .option("--sizes <numbers>", "only these, with commas")
    .option("--repeats <times>", "of each", wholeNumberOption("--repeats", 1, 100), 5)
    .option("--subnet <subnet>", "a free /22", "198.18.148.0/22")
    .option("--work <folder>", "where finished sizes are kept", "runs/bench-scale")
    .option("--fresh", "drop what is kept and begin anew")
    .option("--json", "the results document")
    .addHelpText("after", example("bench/run scale", "bench/run scale --sizes 10,100 --repeats 3"))
    .action(async (options: Options) => {
      const chosen = namesIn("--sizes", options.sizes, sizes.map(String)).map(Number);
      const version = await commit();
      const work = WorkFolder.open(options.work, {commit: version}, options.fresh);
      await setUp();
      const began = new Date().toISOString();
      const programs = [
        await ScaleProgram.open("members", options.subnet),
        await ScaleProgram.open("plain", options.subnet),
      ];
      try {
        const open = chosen.filter(members => work.read(`size.${members}`) === undefined);
        const made = open.length > 0 ? (work.read<StateResource[][]>("made") ?? (await makeBoth(programs))) : [];
        work.write("made", made);
        for (const members of open)
          work.write(`size.${members}`, await timeBoth(programs, made, members, options.repeats));
      } finally {
        for (const one of programs) await one.remove();
      }
      const results: ScaleResults = {
        ...{version: 1, bench: "scale", began, ended: new Date().toISOString(), commit: version},
        machine: await targetFor("docker").machine(),
        figures: work.all<ScaleFigures[]>("size.").flat(),
      };
      publish(results, scaleTable, options.json);
    });
};

/** The states of both with their first members. Errors: their docker resources are not the same. */
async function makeBoth(programs: readonly ScaleProgram[]): Promise<StateResource[][]> {
  const made: StateResource[][] = [];
  for (const one of programs) {
    note(`bench: making ${one.project} for real`);
    made.push(await one.make());
  }
  const [ours, plain] = made.map((resources, i) => dockerInputs(resources, programs[i]!.project));
  if (!isDeepStrictEqual(ours, plain))
    throw new Error(
      `the two programs do not make the same docker resources:\n${JSON.stringify(ours)}\n${JSON.stringify(plain)}`,
    );
  return made;
}

async function timeBoth(
  programs: readonly ScaleProgram[],
  made: readonly (readonly StateResource[])[],
  members: number,
  repeats: number,
): Promise<ScaleFigures[]> {
  const figures: ScaleFigures[] = [];
  for (const [i, one] of programs.entries()) {
    const resources = await one.pretend(made[i]!, members);
    figures.push({program: one.name, members, resources, previewMs: [], upMs: []});
    // The first shows that the derived state is what the program says, and warms caches up.
    await one.time("preview");
  }
  for (let round = 0; round < repeats; round++) {
    for (const [i, one] of programs.entries()) {
      figures[i]!.previewMs.push(await one.time("preview"));
      figures[i]!.upMs.push(await one.time("up"));
    }
    const told = figures.map(
      ({program, previewMs, upMs}) => `${program} preview ${showMs(previewMs.at(-1)!)}, up ${showMs(upMs.at(-1)!)}`,
    );
    note(`bench: ${members} members, ${round + 1} of ${repeats}: ${told.join("; ")}`);
  }
  return figures;
}
