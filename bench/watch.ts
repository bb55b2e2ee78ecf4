import type {Watch} from "../engine/session.ts";
import {note} from "../lib/output.ts";

/** A line for each phase of a run, and for what a person should know of it. */
export function linesOf(scenario: string): Watch {
  return {
    phase: phase => note(`${scenario}: ${phase}`),
    say: note,
    look() {},
    end() {},
  };
}
