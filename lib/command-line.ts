import {type Command, InvalidArgumentError} from "commander";
import {durationMs} from "./durations.ts";

/** Adds one command to the program. */
export type Register = (program: Command) => void;

/** Text below the options of `--help`. */
export function example(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map(line => `  ${line}`).join("\n")}`;
}

/** Reads a whole number of the command line. */
export function wholeNumberOption(option: string, low: number, high: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`${option} takes a whole number from ${low} to ${high}.`);
  };
}

/** Reads a duration of the command line, in milliseconds. */
export function durationOption(option: string): (text: string) => number {
  return text => {
    const ms = durationMs(text);
    if (ms) return ms;
    throw new InvalidArgumentError(`${option} takes a duration above zero with its unit, such as 90s or 10m.`);
  };
}
