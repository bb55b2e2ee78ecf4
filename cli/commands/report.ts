import {join, relative} from "node:path";
import type {Command} from "commander";
import {example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {worse} from "../../lib/result.ts";
import {colourful, screenWidth} from "../../lib/terminal.ts";
import {indexOf} from "../../report/index-document.ts";
import {markdownTable} from "../../report/markdown.ts";
import {readResults, type StoredResult} from "../../report/read.ts";
import {writeIndex, writePages} from "../../report/report.ts";
import {summarise} from "../../report/summary.ts";
import {overall, summariseMany} from "../../report/summary-many.ts";
import {attempt} from "../run/attempt.ts";

interface Options {
  json?: boolean;
  html?: boolean;
  table?: boolean;
}

/** `holdfast report FILE|FOLDER`: the result of earlier runs. Ends with the exit code of their verdict. */
export const report: Register = (program: Command) => {
  program
    .command("report")
    .argument("<FILE|FOLDER>", "a report.json, its folder, or the folder of several runs")
    .summary("the result of earlier runs")
    .description(
      "Prints the summary of a run, or of several side by side. Ends with 0, 1 or 2, as the verdict was; of several, one that cannot be read is told on stderr and counts as unknown; --json and --html are refused then.",
    )
    .option("--html", "write report.html, junit.xml and the index page anew, and print the path")
    .option("--table", "a table in Markdown, for a document that is to have the figures")
    .option("--json", "the result document; of several runs the index document")
    .addHelpText(
      "after",
      example(
        "./holdfast report runs/latest",
        "./holdfast report --table runs/latest",
        "./holdfast report --json runs/latest | jq .verdict",
      ),
    )
    .action((path: string, options: Options) => {
      const {runs, unreadable} = attempt(exitCodes.usage, () => readResults(path));
      // What goes on to programs and pages leaves none out.
      if (unreadable.length > 0 && (options.json || options.html))
        throw new CliError(`${unreadable.join("\n")}\nTake them away, or name the others.`, exitCodes.usage);
      for (const why of unreadable) note(`holdfast: ${why}`);
      const page = options.html ? attempt(exitCodes.unavailable, () => rewrite(runs, path)) : undefined;
      show(runs, path, options, page);
      const verdict = overall(runs.map(run => run.result));
      process.exitCode = exitCodes[unreadable.length > 0 ? worse(verdict, "unknown") : verdict];
    });
};

function show(runs: StoredResult[], path: string, options: Options, page: string | undefined): void {
  const results = runs.map(run => run.result);
  const several = results.length > 1;
  const screen = {width: screenWidth(), colour: colourful()};
  if (options.json) printJson(several ? indexOf(results, folders(runs, path)) : results[0]);
  else if (options.table) print(markdownTable(results));
  else if (page) print(page);
  else if (several) print(summariseMany(results, {...screen, report: join(path, "index.html")}));
  else print(summarise(results[0]!, {...screen, report: join(runs[0]!.folder, "report.html")}));
}

function rewrite(runs: StoredResult[], path: string): string {
  const pages = runs.map(run => writePages(run.result, run.folder));
  if (runs.length === 1) return pages[0]!;
  const results = runs.map(run => run.result);
  return writeIndex(results, path, folders(runs, path));
}

function folders(runs: StoredResult[], path: string): string[] {
  return runs.map(run => relative(path, run.folder));
}
