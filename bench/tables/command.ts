import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import type {Command} from "commander";
import {example, type Register} from "../../lib/command-line.ts";
import {print} from "../../lib/output.ts";
import {projectRoot} from "../../lib/paths.ts";
import {putSection} from "./readme.ts";
import {sections} from "./sections.ts";

/** `bench/run tables`: the sections of docs/measurements.md from the newest results. */
export const tables: Register = (program: Command) => {
  program
    .command("tables")
    .summary("write the tables of docs/measurements.md from the newest results")
    .description(
      "Writes the sections of docs/measurements.md that stand between markers, each from the newest file of its bench in bench/results.",
    )
    .addHelpText("after", example("bench/run tables"))
    .action(() => {
      const path = join(projectRoot, "docs/measurements.md");
      const before = readFileSync(path, "utf8");
      const after = Object.entries(sections()).reduce((text, [name, table]) => putSection(text, name, table), before);
      if (after !== before) writeFileSync(path, after);
      print(after === before ? "docs/measurements.md is as the results say." : "docs/measurements.md is written.");
    });
};
