import {join} from "node:path";
import type {Result} from "../lib/result.ts";
import {indexHtml, reportHtml} from "./html.ts";
import {type Index, indexOf} from "./index-document.ts";
import {junit} from "./junit.ts";
import {writeFiles} from "./write.ts";

/** Writes `report.json`, `junit.xml` and `report.html` of one run. Gives the path of the HTML.
 *  @throws ReportError when the folder cannot be written */
export function writeReport(result: Result, folder: string): string {
  // The result first: where space ends, it is what the other two can be made from.
  writeFiles(folder, {"report.json": `${JSON.stringify(result, null, 2)}\n`});
  return writePages(result, folder);
}

/** Writes `junit.xml` and `report.html` beside a report.json that is there. Gives the path of the HTML.
 *  @throws ReportError when the folder cannot be written */
export function writePages(result: Result, folder: string): string {
  writeFiles(folder, {"junit.xml": junit([result]), "report.html": reportHtml(result)});
  return join(folder, "report.html");
}

/** Writes `index.json`, `junit.xml` and `index.html` over several runs. Gives the path of the HTML.
 *  `folders` are those of each run's own report, relative to `folder`.
 *  @throws ReportError when the folder cannot be written */
export function writeIndex(results: Result[], folder: string, folders: string[] = reportFolders(results)): string {
  const index: Index = indexOf(results, folders);
  writeFiles(folder, {
    "index.json": `${JSON.stringify(index, null, 2)}\n`,
    "junit.xml": junit(results),
    "index.html": indexHtml(results, index),
  });
  return join(folder, "index.html");
}

/** A folder name for each run: `galera-writer-killed`, the second run of it `galera-writer-killed-2`. */
export function reportFolders(results: Pick<Result, "scenario">[]): string[] {
  const seen = new Map<string, number>();
  return results.map(({scenario}) => {
    const name = scenario.replace(/[^\w.]+/g, "-").replace(/^[-.]+|-+$/g, "") || "run";
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? name : `${name}-${n}`;
  });
}
