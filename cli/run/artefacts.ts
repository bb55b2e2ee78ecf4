import {basename, dirname, join} from "node:path";
import {exitCodes} from "../../lib/exit.ts";
import type {Result} from "../../lib/result.ts";
import {junit} from "../../report/junit.ts";
import {reportFolders, writeIndex, writeReport} from "../../report/report.ts";
import {writeFiles} from "../../report/write.ts";
import {attempt} from "./attempt.ts";
import {makeRunFolder} from "./folder.ts";

/** What a command leaves behind, all in one folder: a report of each run, the index, and a JUnit file where one was
 *  asked for. Written after each run, so that a job that is ended by its CI has what there was until then. */
export class Artefacts {
  readonly folder: string;
  /** The page over all runs. */
  readonly index: string;
  /** All of it is there for every run so far. */
  complete = false;
  readonly #junit: string | undefined;

  /** `junitFile`: where the JUnit file of all runs goes beside the one in the folder. Errors (69): the folder cannot be
   *  made. */
  constructor(out: string, junitFile?: string) {
    this.folder = makeRunFolder(out);
    this.index = join(this.folder, "index.html");
    this.#junit = junitFile;
  }

  /** Writes what the last of the results adds. Gives the path of its page. Errors (69): it cannot be written. */
  keep(results: Result[]): string {
    this.complete = false;
    return attempt(exitCodes.unavailable, () => {
      const page = writeReport(results.at(-1)!, join(this.folder, reportFolders(results).at(-1)!));
      this.#keepIndex(results);
      this.complete = true;
      return page;
    });
  }

  #keepIndex(results: Result[]): void {
    writeIndex(results, this.folder);
    if (this.#junit) writeFiles(dirname(this.#junit), {[basename(this.#junit)]: junit(results)});
  }
}
