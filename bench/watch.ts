import type {Watch} from "../engine/session.ts";
import {note} from "../lib/output.ts";
import {silent} from "../runner/phases/progress.ts";

/** A line for each phase of a run, and for what a person should know of it. */
export function linesOf(scenario: string): Watch {
  return {...silent, phase: phase => note(`${scenario}: ${phase}`), say: note, end() {}};
}
