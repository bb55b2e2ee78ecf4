import {CliError} from "../../lib/exit.ts";
import {ReportError} from "../../report/write.ts";

/** What the action gives; a report that could not be read or written ends the command with that code. */
export function attempt<T>(code: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof ReportError ? new CliError(error.message, code) : error;
  }
}
