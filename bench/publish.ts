import {note, print, printJson} from "../lib/output.ts";
import {type Results, writeResults} from "./results.ts";

/** The end of a bench: its results go into their file, and onto the screen as their table or, for machines, as the
 *  document. `what` begins the note, such as `12 runs, `. */
export function publish<T extends Results>(results: T, table: (results: T) => string, json = false, what = ""): void {
  note(`\nbench: ${what}written to ${writeResults(results)}; bench/run tables puts it into docs/measurements.md.`);
  if (json) printJson(results);
  else print(table(results));
}
